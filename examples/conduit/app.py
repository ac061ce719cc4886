"""The API of RealWorld: articles, their authors and readers.

Start it with `uvicorn app:app`.
"""

import os

from conduit.application import make_app

app = make_app(database_url=os.environ.get("CONDUIT_DATABASE"), secret=os.environ.get("CONDUIT_SECRET"))
