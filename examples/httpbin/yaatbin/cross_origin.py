"""This file is middleware: pages of any origin may use everything here.

It is not what `yaat-cors` does, and for good reason: to name whatever origin asks, and allow its cookies, is safe only
for an app that has nothing to protect. This one is for trying things out.
"""

from yaat import Request, Response

PREFLIGHT_METHODS = "GET, POST, PUT, DELETE, PATCH, OPTIONS"
PREFLIGHT_SECONDS = 3600


class CrossOrigin:
    """Tells browsers that the page that asked may read the answer."""

    def process_response(self, request: Request, response: Response) -> None:
        headers = response.headers
        headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
        headers["Access-Control-Allow-Credentials"] = "true"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = PREFLIGHT_METHODS
            headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
            wanted = request.headers.get("Access-Control-Request-Headers")
            if wanted is not None:
                headers["Access-Control-Allow-Headers"] = wanted
