import asyncio


async def fetch(name):
    await asyncio.sleep(0)  # Here others get their turn.
    return f"news from {name}"


async def main():
    print(await fetch("Paris"))
    print(await asyncio.gather(fetch("Rome"), fetch("Oslo")))


asyncio.run(main())
