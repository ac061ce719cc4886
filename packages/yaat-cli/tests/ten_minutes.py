"""Somebody's first ten minutes, in the environment of the Python that runs this: `nox -s ten_minutes`.

It begins a project, serves it, changes it, breaks it and mends it, and prints how long each step took. It needs nothing
but the standard library, and fails when a step takes longer than it may or the environment is larger than promised.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.metadata import Distribution, distributions
from pathlib import Path

YAAT = Path(sys.executable).parent / "yaat"
PATIENCE_SECONDS = 20
#: What `pip install yaat` may bring.
MAX_PACKAGES = 25
MAX_MEGABYTES = 25
MAX_START_SECONDS = 2


class Steps:
    """Takes the time of each step, and keeps what went wrong."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def take(self, title: str, step: Callable[[], str], *, max_seconds: float = PATIENCE_SECONDS) -> str:
        """Run *step*, print how long it took, and return what it says."""
        begin = time.monotonic()
        said = step()
        seconds = time.monotonic() - begin
        print(f"{seconds:7.2f} s  {title}: {said}")
        if seconds > max_seconds:
            self.faults.append(f"{title} took {seconds:.2f} s, and may take {max_seconds}")
        return said

    def check(self, fact: str, *, holds: bool) -> None:
        """Print a fact, and keep it when it is not what was promised."""
        print(f"           {fact}")
        if not holds:
            self.faults.append(fact)


class Dev:
    """A `yaat dev` on a free port."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "dev.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen([YAAT, "dev", "--port", "0"], cwd=folder, stderr=log)

    def read(self) -> str:
        """Return what it has printed."""
        return self._log.read_text()

    def fetch(self) -> tuple[int, str]:
        """Return status and content of the page."""
        match = re.search(r"http://127\.0\.0\.1:\d+", self.read())
        if match is None:
            return 0, ""
        request = urllib.request.Request(match[0], headers={"accept": "text/html"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, status: int, text: str) -> str:
        """Return when the page has that status and text."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found, page = self.fetch()
            if found == status and text in page:
                return f"{status}, the page says {text!r}"
            time.sleep(0.02)
        raise SystemExit(f"The page never said {text!r} with status {status}. `yaat dev` printed:\n{self.read()}")


def call(folder: Path, *words: str) -> str:
    """Return what a command prints."""
    return subprocess.run([YAAT, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def count_bytes(distribution: Distribution) -> int:
    """Return how large the files of a distribution are, without what Python has compiled of them."""
    paths = [Path(str(distribution.locate_file(file))) for file in distribution.files or ()]
    return sum(path.stat().st_size for path in paths if path.suffix != ".pyc" and path.is_file())


def check_environment(steps: Steps) -> None:
    """Count the packages and their size."""
    sizes = {each.name.lower(): count_bytes(each) for each in distributions()}
    own = [name for name in sizes if name.split("-")[0] == "yaat"]
    others = len(sizes) - len(own)
    megabytes = sum(sizes.values()) / 1e6
    largest = ", ".join(
        f"{name} {size / 1e6:.1f}" for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:5]
    )
    fact = f"{len(own)} packages of Yaat and {others} others, {MAX_PACKAGES} at most"
    steps.check(fact, holds=others <= MAX_PACKAGES)
    steps.check(f"{megabytes:.1f} MB, {MAX_MEGABYTES} at most ({largest})", holds=megabytes <= MAX_MEGABYTES)


def change(file: Path, old: str, new: str) -> None:
    """Save a change."""
    text = file.read_text()
    if old not in text:
        raise SystemExit(f"{file} has no {old!r}")
    file.write_text(text.replace(old, new))


def go(folder: Path, steps: Steps) -> None:
    """Take all steps."""
    steps.take("yaat new shop", lambda: f"{len(call(folder, 'new', 'shop').splitlines()) - 5} files")
    shop = folder / "shop"
    app = shop / "app.py"
    begun: list[Dev] = []

    def start() -> str:
        begun.append(Dev(shop))
        return begun[0].wait_for(200, "Welcome to Shop")

    try:
        steps.take("yaat dev, to the first page", start, max_seconds=MAX_START_SECONDS)
        [dev] = begun
        change(app, "Welcome to Shop", "My first page")
        steps.take("an edit", lambda: dev.wait_for(200, "My first page"))
        seen = len(dev.read())
        change(app, "return HTMLResponse(PAGE)", "return HTMLResponse(PAGE")
        steps.take("an edit that does not compile", lambda: dev.wait_for(500, "was never closed"))
        told = dev.read()[seen:].partition("Saved: app.py\n")[2].partition("The browser")[0]
        lines = [line for line in told.splitlines() if not line.startswith("GET ")]
        print("".join(f"           | {line}\n" for line in lines), end="")
        steps.check(f"{len(lines)} lines in the terminal, 6 at most", holds=0 < len(lines) <= 6)
        change(app, "return HTMLResponse(PAGE", "return HTMLResponse(PAGE)")
        steps.take("it is mended", lambda: dev.wait_for(200, "My first page"))
    finally:
        for dev in begun:
            dev.process.terminate()
            dev.process.wait(PATIENCE_SECONDS)
    routes = steps.take("yaat routes", lambda: f"{len(call(shop, 'routes').splitlines()) - 1} routes")
    steps.check(f"all of them listed: {routes}", holds=not routes.startswith("0"))
    steps.take("yaat plugins", lambda: f"{len(call(shop, 'plugins').splitlines()) - 1} plugins")
    steps.take("yaat check", lambda: call(shop, "check").strip())


def main() -> None:
    """Take all steps in a new folder."""
    os.environ.pop("YAAT_APP", None)
    steps = Steps()
    begin = time.monotonic()
    folder = Path(tempfile.mkdtemp())
    try:
        check_environment(steps)
        go(folder, steps)
    finally:
        shutil.rmtree(folder)
    print(f"{time.monotonic() - begin:7.2f} s  in all")
    if steps.faults:
        raise SystemExit("Promised otherwise: " + "; ".join(steps.faults))


if __name__ == "__main__":
    main()
