"""The app of `mixed_app.py` in a server, which tells what the server's process holds. `SOAK_FOLDER` has its files."""

import os
from pathlib import Path
from typing import Any

from yaat import Request

from .census import Census
from .mixed_app import make_app

app = make_app(Path(os.environ["SOAK_FOLDER"]))


@app.get("/-/census")
async def census(request: Request[Any]) -> Any:
    return (await Census.take()).to_json()
