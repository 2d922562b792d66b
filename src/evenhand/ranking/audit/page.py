"""A report as one page of HTML: no script, nothing fetched from elsewhere, by day or by night."""

from collections.abc import Sequence
from html import escape

from evenhand.ranking.audit.finding import Finding, Table, Unanswered
from evenhand.ranking.audit.look import STYLE
from evenhand.ranking.audit.svg import drawn

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(
    title: str,
    lead: Sequence[str],
    summary: Sequence[str],
    findings: Sequence[Finding],
    unanswered: Sequence[Unanswered],
    foot: str,
) -> str:
    """Return the page; every text is plain and is escaped here."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1>",
        *(f'<p class="soft">{escape(one)}</p>' for one in lead),
        "<section><h2>In short</h2><ul>",
        *(f"<li>{escape(one)}</li>" for one in summary),
        "</ul></section>",
        *(_finding(one) for one in findings),
    ]
    if unanswered:
        parts.append('<section id="unanswered"><h2>What these votes do not tell</h2><ul>')
        parts += [f"<li>{escape(one.question)} {escape(one.reason)}</li>" for one in unanswered]
        parts.append("</ul></section>")
    parts.append(f'<p class="soft">{escape(foot)}</p></main></body></html>\n')
    return "\n".join(parts)


def _finding(one: Finding) -> str:
    word = '<p class="word">Worth a look: beyond chance</p>' if one.alarm else ""
    parts = [
        f'<section id="{escape(one.key)}"{" class=alarm" if one.alarm else ""}>{word}',
        f"<h2>{escape(one.question)}</h2>",
        f'<p class="answer">{escape(one.answer)}</p>',
        *(f"<p>{escape(text)}</p>" for text in one.details),
        *(
            f"<figure><figcaption>{escape(chart.title)}</figcaption>{drawn(chart)}</figure>"
            for chart in one.charts
        ),
        *(_table(table) for table in one.tables if table.rows),
        "</section>",
    ]
    return "\n".join(parts)


def _table(table: Table) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        kinds = (' class="number"' if number else "" for number in table.numbers)
        return (
            "<tr>"
            + "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for cell, kind in zip(cells, kinds, strict=True))
            + "</tr>"
        )

    body = "".join(row(cells, "td") for cells in table.rows)
    return (
        f'<div class="scroll"><table><caption>{escape(table.title)}</caption>'
        f"<thead>{row(table.columns, 'th')}</thead><tbody>{body}</tbody></table></div>"
    )
