"""This file is media types by the names of files, the same on every machine."""

from collections.abc import Mapping
from mimetypes import MimeTypes

#: For names that say nothing: a browser then saves the content and does not guess (RFC 9110 §8.3).
UNKNOWN = "application/octet-stream"

#: What Python's own table lacks in one version or another, or has an outdated name for.
_MORE: Mapping[str, str] = {
    ".avif": "image/avif",
    ".cjs": "text/javascript",
    ".flac": "audio/flac",
    ".geojson": "application/geo+json",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".ico": "image/vnd.microsoft.icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".jsonld": "application/ld+json",
    ".jxl": "image/jxl",
    ".m4a": "audio/mp4",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
#: A compressed file that is asked for by its own name is not decoded on the way.
_COMPRESSED: Mapping[str, str] = {
    "br": "application/x-brotli",
    "bzip2": "application/x-bzip2",
    "gzip": "application/gzip",
    "xz": "application/x-xz",
}

# Made from Python's table, without the files of the machine: those differ from one machine to the next.
_TYPES = MimeTypes()
for _suffix, _type in _MORE.items():
    _TYPES.add_type(_type, _suffix)


def guess_media_type(name: str) -> str:
    """Return the media type of the file called *name*; `application/octet-stream` where the name tells nothing."""
    lower = name.lower()
    if lower.endswith(".zst"):
        return "application/zstd"
    media_type, compression = _TYPES.guess_type(f"/{lower.rpartition('/')[2]}")
    if compression is not None:
        return _COMPRESSED.get(compression, UNKNOWN)
    return media_type or UNKNOWN
