from hashlib import sha256

from yaat import Yaat

app = Yaat()


@app.post("/backup", max_body_bytes=50_000_000_000)
async def backup(request):
    sums = {}
    async for part in request.multipart():
        if part.is_file:
            digest = sha256()
            async for chunk in part:
                digest.update(chunk)
            sums[part.safe_filename] = digest.hexdigest()
    return sums


@app.put("/raw", max_body_bytes=50_000_000_000)
async def raw(request):
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return {"bytes": size}
