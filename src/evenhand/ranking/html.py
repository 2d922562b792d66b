"""Pages of HTML that need nothing else: no script, nothing fetched from elsewhere, by day or by night."""

from collections.abc import Iterable, Sequence
from html import escape

from evenhand.ranking.look import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document(title: str, body: Iterable[str]) -> str:
    """Return a page; `body` is HTML, the title is plain text."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
            f"<h1>{escape(title)}</h1>",
            *body,
            "</main></body></html>\n",
        ]
    )


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[bool]) -> str:
    """Return a table of plain texts; `numbers` says which columns are numbers, and stand to the right."""

    def line(cells: Sequence[str], tag: str) -> str:
        kinds = (' class="number"' if number else "" for number in numbers)
        return (
            "<tr>"
            + "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for cell, kind in zip(cells, kinds, strict=True))
            + "</tr>"
        )

    body = "".join(line(cells, "td") for cells in rows)
    return (
        f'<div class="scroll"><table><caption>{escape(title)}</caption>'
        f"<thead>{line(columns, 'th')}</thead><tbody>{body}</tbody></table></div>"
    )
