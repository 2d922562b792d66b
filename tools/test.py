"""Runs every test, and ends with the sum.

Several lanes run the server's tests, each with a database server and a browser of its own, and the page's
tests run beside them. Real models want the machine for themselves: theirs come last.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

RESULTS = Path("test-results")
LANES = min(os.cpu_count() or 1, 4)
"""More would each take a gigabyte and hold others up."""

Counts = tuple[int, int, int]
"""How many passed, failed and were skipped."""


def run(command: Sequence[str], report: Path, *, aside: bool = False) -> Counts:
    """Run a test runner that writes a JUnit report. `aside`: what it says is printed when it has ended."""
    report.unlink(missing_ok=True)
    output = subprocess.PIPE if aside else None
    ended = subprocess.run(command, check=False, stdout=output, stderr=subprocess.STDOUT if aside else None)
    if aside:
        sys.stdout.buffer.write(ended.stdout)
        sys.stdout.flush()
    passed = failed = skipped = 0
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            outcomes = {child.tag for child in case}
            if outcomes & {"failure", "error"}:
                failed += 1
            elif "skipped" in outcomes:
                skipped += 1
            else:
                passed += 1
    # A runner that fails without a failed test found a fault outside of them.
    return passed, failed or int(ended.returncode != 0), skipped


def of_the_page() -> Counts:
    """The page's own tests."""
    report = RESULTS.absolute() / "web.xml"
    reporters = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"]
    return run(["tools/npm", "test", "--", *reporters], report, aside=True)


def of_python(name: str, marks: str, *arguments: str) -> Counts:
    """The tests with such marks; `name` is that of their report."""
    report = RESULTS.absolute() / f"{name}.xml"
    return run([sys.executable, "-m", "pytest", f"--junitxml={report}", "-m", marks, *arguments], report)


def main() -> int:
    """Exit code 0 when everything passed."""
    RESULTS.mkdir(exist_ok=True)
    with ThreadPoolExecutor(1) as beside:
        page = beside.submit(of_the_page)
        lanes = ["--numprocesses", str(LANES), "--dist", "worksteal"]
        counts = [of_python("server", "not models and not spark", *lanes), page.result()]
    counts.append(of_python("models", "models"))
    passed, failed, skipped = map(sum, zip(*counts, strict=True))
    if skipped:
        print(f"{skipped} skipped, with their reasons above")
    summary = f"{passed} passed, {failed} failed"
    (RESULTS / "summary.txt").write_text(f"{summary}\n", encoding="utf-8")
    print(summary, flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
