"""Runs every test, the page's and then the server's, and ends with the sum of both."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

RESULTS = Path("test-results")


def run(command: list[str], report: Path) -> tuple[int, int, int]:
    """Run a test runner; how many tests passed, failed and were skipped by its JUnit report."""
    report.unlink(missing_ok=True)
    code = subprocess.run(command, check=False).returncode
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
    return passed, failed or int(code != 0), skipped


def main() -> int:
    """Exit code 0 when everything passed."""
    RESULTS.mkdir(exist_ok=True)
    web = RESULTS.absolute() / "web.xml"
    python = RESULTS.absolute() / "python.xml"
    reporters = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={web}"]
    counts = [
        run(["tools/npm", "test", "--", *reporters], web),
        run([sys.executable, "-m", "pytest", f"--junitxml={python}", *sys.argv[1:]], python),
    ]
    passed, failed, skipped = map(sum, zip(*counts, strict=True))
    if skipped:
        print(f"{skipped} skipped, with their reasons above")
    summary = f"{passed} passed, {failed} failed"
    (RESULTS / "summary.txt").write_text(f"{summary}\n", encoding="utf-8")
    print(summary, flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
