"""Writes the API's OpenAPI document for the page's client; `--check` only says whether it is up to date."""

import sys
from pathlib import Path

from evenhand.app.openapi import document

DOCUMENT = Path("web/openapi.json")


def main() -> None:
    """Exit with a sentence when `--check` finds the document out of date."""
    text = document()
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(text, encoding="utf-8")
    elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        sys.exit("The API has changed and the page's client has not: run `make api`.")


if __name__ == "__main__":
    main()
