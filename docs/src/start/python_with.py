from contextlib import contextmanager


@contextmanager
def opened(name):
    print("open", name)
    try:
        yield name.upper()
    finally:
        print("close", name)


with opened("shop") as shop:
    print("inside", shop)
