"""httpbin's API: it answers with what it was sent, or with what it is asked for.

Start it with `uvicorn app:app`.
"""

from yaatbin import (
    auth,
    caching,
    cookies,
    digest,
    documents,
    generated,
    images,
    methods,
    ranges,
    redirects,
    statuses,
)
from yaatbin.cross_origin import CrossOrigin
from yaatbin.plain_json import PlainJSON

from yaat import Yaat
from yaat_forms import Forms

# Only these plugins, whatever else is installed: the answers are a specification that others test against.
app = Yaat(autoload=False, plugins=[Forms(), PlainJSON()])
app.add_middleware(CrossOrigin, stage="edge")

for module in (methods, auth, digest, cookies, redirects, statuses, caching, ranges, generated, documents, images):
    app.mount(module.router)
