from yaat import HTTPException, Yaat
from yaat_forms import UploadFile

app = Yaat(settings={"forms": {"max_file_bytes": 5_000_000}})


@app.post("/photos", form_limits={"max_files": 3})
async def add_photos(request):
    form = await request.form()
    photos = form.get_all("photo")
    if not photos or not all(isinstance(each, UploadFile) for each in photos):
        raise HTTPException(422, "Send files in the field 'photo'.")
    return {
        "title": form.fields.get("title", ""),
        "photos": [{"name": photo.safe_filename, "bytes": photo.size} for photo in photos],
    }
