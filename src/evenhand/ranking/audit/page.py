"""A report as one page of HTML."""

from collections.abc import Sequence
from html import escape

from evenhand.ranking.audit.finding import Finding, Unanswered
from evenhand.ranking.audit.svg import drawn
from evenhand.ranking.html import document, table


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
    parts.append(f'<p class="soft">{escape(foot)}</p>')
    return document(title, parts)


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
        *(table(of.title, of.columns, of.rows, of.numbers) for of in one.tables if of.rows),
        "</section>",
    ]
    return "\n".join(parts)
