"""Documents, held by others against their specification, and against what the apps do over a real connection.

schemathesis makes requests of all kinds from a document, right ones and wrong ones, and whole sequences of them, and
compares each answer with what the document says. `YAAT_SCHEMATHESIS_EXAMPLES` says how many for each operation, or
`YAAT_SCHEMATHESIS_SECONDS` for how long for each app, each time with other requests: `nox -s schemathesis -- 300`.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
EXAMPLES = FOLDER.parent.parent / "examples"
#: Longer than anything here takes, unless more is asked for.
PATIENCE_SECONDS = 120
COUNT = os.environ.get("YAAT_SCHEMATHESIS_EXAMPLES", "20")
SECONDS = os.environ.get("YAAT_SCHEMATHESIS_SECONDS")
PHASES = "examples,coverage,fuzzing,stateful"


@dataclass(frozen=True)
class Sample:
    """One app.

    Attributes:
        name: As uvicorn takes it.
        folder: Where it is.
        options: For schemathesis.
        hooks: What schemathesis imports.
    """

    name: str
    folder: Path
    options: tuple[str, ...] = ()
    hooks: str = "openapi_exclusions"


#: What a plain handler reads of the content nobody can know, so a request without any looks right.
UNDECLARED = ("--exclude-checks=positive_data_acceptance",)
#: httpbin does what it is asked to, be it to wait, to lead in a circle or to answer with any status or a text, and says
#: of nothing what it takes; so what is left to hold it to is that it neither fails nor answers in an undescribed form.
ON_DEMAND = (
    "--exclude-path-regex=^/(absolute-redirect|delay|drip|range|redirect|relative-redirect|status)/?",
    "--exclude-checks=positive_data_acceptance,status_code_conformance,use_after_free",
)
SAMPLES = {
    "plain": Sample("openapi_apps:plain", FOLDER),
    "typed": Sample("openapi_apps:typed", FOLDER),
    "showcase": Sample("app:app", EXAMPLES / "showcase"),
    "todo": Sample("app:app", EXAMPLES / "todo", UNDECLARED),
    "conduit": Sample("app:app", EXAMPLES / "conduit", hooks="openapi_conduit"),
    "httpbin": Sample("openapi_httpbin:app", EXAMPLES / "httpbin", ON_DEMAND),
}

needs_schemathesis = pytest.mark.skipif(
    any(find_spec(module) is None for module in ("schemathesis", "uvicorn")),
    reason="schemathesis or uvicorn is not installed",
)


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> Sample:
    """One app after the other."""
    return SAMPLES[request.param]


#: What serves an app: its name and its socket are the arguments. With `--fd`, uvicorn would take the socket
#: for one of Unix, and each answer would wait for the client to acknowledge its first half.
PROGRAM = """
import socket, sys, uvicorn

name, descriptor = sys.argv[1:]
config = uvicorn.Config(name, lifespan="on", log_level="error")
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(descriptor))])
"""


@pytest.fixture
def origin(sample: Sample) -> Iterator[str]:
    """Where the app is served."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        path = os.pathsep.join([str(sample.folder), str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])])
        server = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, sample.name, str(descriptor)],
            pass_fds=[descriptor],
            env={**os.environ, "PYTHONPATH": path},
        )
    # From here on the server alone listens: if it cannot start, connections fail at once.
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    server.wait(PATIENCE_SECONDS)


def read_document(origin: str) -> dict[str, object]:
    """Return the document that is served."""
    connection = HTTPConnection(origin.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    connection.request("GET", "/openapi.json")
    document: dict[str, object] = json.loads(connection.getresponse().read())
    connection.close()
    return document


def test_document_is_valid(origin: str) -> None:
    """Every document is one of OpenAPI 3.1, as others see it."""
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    validator.validate(read_document(origin))


def run_schemathesis(sample: Sample, origin: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Return what schemathesis says of an app.

    Args:
        sample: The app.
        origin: Where it is served.
        folder: For what schemathesis writes.
    """
    path = os.pathsep.join([str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])])
    amount = [f"--max-time={SECONDS}"] if SECONDS else [f"--max-examples={COUNT}", "--seed=1"]
    options = [f"--phases={PHASES}", "--checks=all", *amount, "--no-color", "--continue-on-failure"]
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{origin}/openapi.json", *options, *sample.options],
        env={**os.environ, "PYTHONPATH": path, "SCHEMATHESIS_HOOKS": sample.hooks},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS * int(COUNT) + 2 * int(SECONDS or "0"),
    )


@needs_schemathesis
def test_app_does_what_its_document_says(sample: Sample, origin: str, tmp_path: Path) -> None:
    """schemathesis finds nothing: no answer that is not described, no right request refused, no wrong one taken."""
    done = run_schemathesis(sample, origin, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_schemathesis
@pytest.mark.parametrize("sample", [Sample("openapi_apps:liar", FOLDER)], ids=["liar"])
def test_lie_would_be_found(sample: Sample, origin: str, tmp_path: Path) -> None:
    """An app that does something else than its document says does not pass."""
    done = run_schemathesis(sample, origin, tmp_path)
    assert done.returncode == 1
    assert "Undocumented Content-Type" in done.stdout
