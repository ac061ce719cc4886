"""Add up what the sessions left behind: which Pythons ran, and how many tests passed.

Reads nox's reports and the JUnit files of pytest. Exits with an error when a required Python ran
no test session, or when there is no result at all. The last line is for machines.
"""

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def read_pythons(report: Path) -> dict[str, Counter[str]]:
    """Return how the test sessions ended, by Python version."""
    results: dict[str, Counter[str]] = {}
    for session in json.loads(report.read_text())["sessions"]:
        if match := re.match(r"tests-(\d+\.\d+)", session["signatures"][0]):
            results.setdefault(match[1], Counter())[session["result"]] += 1
    return results


def count_tests(folder: Path) -> Counter[str]:
    """Return how many tests passed, failed and were skipped, over all JUnit files in *folder*."""
    totals: Counter[str] = Counter(passed=0, failed=0, skipped=0)
    for path in folder.glob("*.xml"):
        for suite in ElementTree.parse(path).iter("testsuite"):
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            totals["failed"] += failed
            totals["skipped"] += skipped
            totals["passed"] += int(suite.get("tests", 0)) - failed - skipped
    return totals


def main() -> int:
    """Print the summary; return 0 when every required Python ran and no test failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, required=True, help="nox's report of the tests")
    parser.add_argument("--junit", type=Path, required=True, help="the folder of JUnit files")
    parser.add_argument("--require", nargs="*", default=[], help="Pythons that must have run")
    options = parser.parse_args()

    pythons = read_pythons(options.report) if options.report.exists() else {}
    for version, results in sorted(pythons.items()):
        print(f"Python {version}: " + ", ".join(f"{n} {word}" for word, n in results.items()))
    missing = [version for version in options.require if not pythons.get(version, Counter())["success"]]
    for version in missing:
        print(f"Python {version} is required and ran no test session to its end.")

    totals = count_tests(options.junit)
    line = f"{totals['passed']} passed, {totals['failed']} failed"
    print(line + (f", {totals['skipped']} skipped" if totals["skipped"] else ""))
    return 1 if missing or totals["failed"] or not totals["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
