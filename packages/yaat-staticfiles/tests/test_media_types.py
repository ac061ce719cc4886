"""Media types by names of files."""

import pytest

from yaat_staticfiles.media_types import guess_media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("index.html", "text/html"),
        ("app.css", "text/css"),
        ("app.js", "text/javascript"),
        ("app.mjs", "text/javascript"),
        ("APP.JS", "text/javascript"),
        ("app.js.map", "application/json"),
        ("module.wasm", "application/wasm"),
        ("logo.svg", "image/svg+xml"),
        ("photo.webp", "image/webp"),
        ("photo.avif", "image/avif"),
        ("font.woff2", "font/woff2"),
        ("app.webmanifest", "application/manifest+json"),
        ("report.pdf", "application/pdf"),
        ("story.txt", "text/plain"),
        ("data:text/html,x", "application/octet-stream"),
        ("noname", "application/octet-stream"),
        ("what.ever", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_names_tell_the_type(name: str, media_type: str) -> None:
    """Types are the same on every machine; what a name does not tell is not guessed."""
    assert guess_media_type(name) == media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("app.css.gz", "application/gzip"),
        ("app.css.br", "application/x-brotli"),
        ("app.css.zst", "application/zstd"),
        ("data.tar.xz", "application/x-xz"),
        ("data.tgz", "application/gzip"),
        ("data.tar.bz2", "application/x-bzip2"),
    ],
)
def test_compressed_files_by_their_own_name_stay_compressed(name: str, media_type: str) -> None:
    """Nobody unpacks an archive on the way: its type is that of the archive."""
    assert guess_media_type(name) == media_type
