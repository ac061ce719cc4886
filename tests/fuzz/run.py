"""Looks for inputs that break a target, so many seconds for each: `python -m tests.fuzz.run SECONDS [TARGET ...]`.

What breaks one is kept in its folder of the corpus, where `test_targets.py` meets it again until it is mended, and
afterwards. What reaches new code is forgotten; `one.py` says how to keep it.
"""

import re
import subprocess
import sys
from tempfile import TemporaryDirectory

from .targets import CORPUS, TARGETS

#: Longer inputs only repeat themselves.
MAX_BYTES = 400
#: No input may take so long, nor so much.
PATIENCE_SECONDS = 5
MEMORY_MB = 1024


def fuzz(name: str, seconds: int) -> bool:
    """Return whether a target withstood."""
    kept = CORPUS / name
    options = [f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-timeout={PATIENCE_SECONDS}"]
    options += [f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={kept}/finding-", "-print_final_stats=1"]
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz.one", name, *options, folder, str(kept)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    count = re.search(r"number_of_executed_units: ([0-9]+)", done.stderr)
    print(f"{name}: {count[1] if count else 'no'} inputs, {'fine' if not done.returncode else 'BROKEN'}", flush=True)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if not line.startswith("#")]
        print(done.stdout[-4000:], *told[-20:], sep="\n", flush=True)
    return not done.returncode


def main() -> int:
    """Return 0 if all targets that are asked for withstood."""
    seconds, *names = sys.argv[1:]
    unknown = set(names) - TARGETS.keys()
    if unknown:
        print(f"There is no target {', '.join(sorted(unknown))}. There are: {', '.join(TARGETS)}")
        return 2
    withstood = [fuzz(name, int(seconds)) for name in names or TARGETS]
    return int(not all(withstood))


if __name__ == "__main__":
    raise SystemExit(main())
