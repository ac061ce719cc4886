"""What is built of this package."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from yaat_swagger_ui import FILES, LICENCES

PACKAGE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of all that is in the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", f"--outdir={folder}", str(PACKAGE)]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.mark.parametrize("name", [*FILES, *LICENCES, "manifest.json"])
def test_wheel_holds_every_file(names: list[str], name: str) -> None:
    """What is installed is complete."""
    assert f"yaat_swagger_ui/files/{name}" in names


@pytest.mark.parametrize("name", ["LICENSE", "COPYING", "src/yaat_swagger_ui/files/LICENSE"])
def test_wheel_holds_the_licences(names: list[str], name: str) -> None:
    """Both this package's and that of the files stand where tools look for them."""
    assert any(each.endswith(f".dist-info/licenses/{name}") for each in names)


def test_wheel_holds_no_script(names: list[str]) -> None:
    """What updates the files is for the source tree."""
    assert not any("scripts/" in name for name in names)
