from dataclasses import dataclass

from yaat import Plugin, Response, Yaat, hookimpl
from yaat.records import ResponseType


@dataclass
class Table:
    rows: list


class CSVPlugin(Plugin):
    name = "csv"

    @hookimpl
    def yaat_register_response_types(self, app):
        return ResponseType(type=Table, convert=self.convert)

    def convert(self, table, request):
        lines = [",".join(str(cell) for cell in row) for row in table.rows]
        return Response("\n".join(lines) + "\n", media_type="text/csv")


app = Yaat(plugins=[CSVPlugin()])


@app.get("/prices.csv")
async def prices(request):
    return Table([("tea", 3), ("coffee", 4)])
