"""This file is what a server imports: the app of one framework for one row.

The environment variable ``SERVED`` names both, as in ``yaat/plaintext``; the framework ``raw`` is none.
"""

from __future__ import annotations

import os

from frameworks import make_app, make_raw_app
from rows import BY_NAME

framework, _, row = os.environ["SERVED"].partition("/")
app = make_raw_app(BY_NAME[row]) if framework == "raw" else make_app(framework, BY_NAME[row])
