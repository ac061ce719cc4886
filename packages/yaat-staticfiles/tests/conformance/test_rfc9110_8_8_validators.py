"""RFC 9110 §8.8: validator fields."""

import os
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from yaat import Yaat
from yaat.etag import parse_etag
from yaat_staticfiles import StaticFiles
from yaat_testclient import TestClient


def test_etag_is_quoted_and_strong(site: Any) -> None:
    """§8.8.3: the value stands in double quotes, with nothing else around it unless it is weak."""
    assert not parse_etag(site.etag).is_weak


def test_etag_is_the_same_for_the_same_content(site: Any) -> None:
    """§8.8.1: a validator that changes without need makes caches useless."""
    assert site.ask().headers["etag"] == site.etag


def test_last_modified_is_an_imf_fixdate(site: Any) -> None:
    """§8.8.2, §5.6.7: the date is that of the file, to the second."""
    assert site.ask().headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"


def test_last_modified_is_not_in_the_future(tmp_path: Path) -> None:
    """§8.8.2.1: a date later than the message's is replaced by that of the message."""
    (tmp_path / "a.txt").touch()
    os.utime(tmp_path / "a.txt", (time.time() + 10**6,) * 2)
    app = Yaat(autoload=False)
    app.mount("/files", StaticFiles(tmp_path))
    with TestClient(app) as client:
        date = parsedate_to_datetime(client.get("/files/a.txt").headers["last-modified"])
    assert date.timestamp() <= time.time()


def test_encodings_have_different_etags(tmp_path: Path) -> None:
    """§8.8.3.3: what is encoded is another representation, so its strong validator differs."""
    for name in ("a.css", "a.css.gz", "a.css.br"):
        (tmp_path / name).write_bytes(b"same size")
        os.utime(tmp_path / name, (1_700_000_000,) * 2)
    app = Yaat(autoload=False)
    app.mount("/files", StaticFiles(tmp_path))
    with TestClient(app) as client:
        answers = [client.head("/files/a.css", headers={"accept-encoding": c}) for c in ("gzip", "br", "identity")]
    assert len({answer.headers["etag"] for answer in answers}) == 3


def test_a_file_just_written_has_a_weak_etag(tmp_path: Path) -> None:
    """§8.8.1: a validator that might not change with the content is weak, and so is its date."""
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    app = Yaat(autoload=False)
    app.mount("/files", StaticFiles(tmp_path))
    with TestClient(app) as client:
        fresh = client.get("/files/a.txt")
        assert fresh.headers["etag"].startswith('W/"')
        for validator in ("etag", "last-modified"):
            headers = {"range": "bytes=0-1", "if-range": fresh.headers[validator]}
            assert client.get("/files/a.txt", headers=headers).status_code == 200
