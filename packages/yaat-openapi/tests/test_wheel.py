"""What is built of this package."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

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


@pytest.mark.parametrize("name", ["page_files/initialise.js", "page_files/page.css", "py.typed"])
def test_wheel_holds_the_files_of_the_page(names: list[str], name: str) -> None:
    """What is installed is complete."""
    assert f"yaat_openapi/{name}" in names
