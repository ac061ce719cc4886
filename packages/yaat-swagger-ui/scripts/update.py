"""Fetch the files of Swagger UI anew: `python scripts/update.py [VERSION]`, the newest when no version is named.

It needs npm, which checks what it fetches against the digest that the registry names.
"""

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src" / "yaat_swagger_ui" / "files"
FILES = ("favicon-32x32.png", "oauth2-redirect.js", "swagger-ui-bundle.js", "swagger-ui.css")
LICENCES = ("LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt")


def fetch(version: str, folder: Path) -> Path:
    """Return the archive of a version of swagger-ui-dist, put into *folder*."""
    command = ["npm", "pack", f"swagger-ui-dist@{version}", "--json", f"--pack-destination={folder}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    archive: Path = folder / json.loads(done.stdout)[0]["filename"]
    return archive


def read_archive(archive: Path) -> tuple[str, dict[str, bytes]]:
    """Return the version that an archive says it is, and the files of it that are needed.

    Raises:
        KeyError: One of them is not there.
    """
    with tarfile.open(archive) as package:
        version = json.loads(_read(package, "package.json"))["version"]
        return version, {name: _read(package, name) for name in (*FILES, *LICENCES)}


def _read(package: tarfile.TarFile, name: str) -> bytes:
    """Return the content of one file."""
    content = package.extractfile(f"package/{name}")
    if content is None:
        raise KeyError(name)
    return content.read()


def format_manifest(version: str, contents: Mapping[str, bytes]) -> str:
    """Return what `yaat_swagger_ui` reads: the version and the digests."""
    manifest = {"version": version, "files": _digest(FILES, contents), "licences": _digest(LICENCES, contents)}
    return json.dumps(manifest, indent=2) + "\n"


def _digest(names: Iterable[str], contents: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digests of some files."""
    return {name: sha256(contents[name]).hexdigest() for name in names}


def update(archive: Path, folder: Path) -> str:
    """Put what is needed of *archive* into *folder*, in place of what is there; return the version."""
    version, contents = read_archive(archive)
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_text(format_manifest(version, contents), "utf-8")
    return version


def main() -> None:
    """Update the files of this package."""
    parser = argparse.ArgumentParser(description="Fetch the files of Swagger UI anew.")
    parser.add_argument("version", nargs="?", default="latest")
    wanted = parser.parse_args().version
    with tempfile.TemporaryDirectory() as folder:
        version = update(fetch(wanted, Path(folder)), FOLDER)
    sys.stdout.write(f"The files are those of swagger-ui-dist {version} now.\n")


if __name__ == "__main__":
    main()
