import csv
import io

from yaat import Yaat
from yaat.responses import Response

app = Yaat()


@app.get("/prices.csv")
def prices(request):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["name", "price"])
    writer.writerows([("tea", 3), ("coffee", 4)])
    headers = {"content-disposition": 'attachment; filename="prices.csv"'}
    return Response(text.getvalue(), headers=headers, media_type="text/csv")
