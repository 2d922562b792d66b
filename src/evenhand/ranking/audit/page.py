"""A report as one page of HTML: no script, nothing fetched from elsewhere, light or dark as the reader
likes."""

from collections.abc import Sequence
from html import escape

from evenhand.ranking.audit.finding import Finding, Table, Unanswered
from evenhand.ranking.audit.svg import drawn

_COLOURS = """
:root{color-scheme:light dark;--ground:#faf7f2;--raised:#fff;--line:#e4ddd2;--ink:#1e1a16;--soft:#6b6257;
--care:#8a6112;--c0:#b4532a;--c1:#1f6a86;--c2:#4a7336;--c3:#8a6112;--c4:#6d4a8c}
@media (prefers-color-scheme:dark){:root{--ground:#15120f;--raised:#1e1a16;--line:#3a332b;--ink:#f2ece3;
--soft:#a79c8d;--care:#d9ac4e;--c0:#e08a5b;--c1:#62b3cf;--c2:#8dbb72;--c3:#d9ac4e;--c4:#c09be0}}
"""
_LAYOUT = """
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.6 system-ui,"PingFang SC","Microsoft
YaHei", "Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere} main{max-width:760px;margin:0 auto;padding:32px
16px 64px} h1,h2{font-family:Georgia,"Songti SC","Noto Serif CJK
SC",serif;font-weight:600;line-height:1.25;margin:0} h1{font-size:30px}h2{font-size:22px} p{margin:8px
0;max-width:72ch} .soft,figcaption,caption{color:var(--soft);font-size:15px}
section{background:var(--raised);border:1px solid var(--line);border-radius:10px;padding:20px;margin:20px 0}
.alarm{border-inline-start:4px solid var(--care)} .word{color:var(--care);font-size:15px;font-weight:600}
.answer{font-size:19px;line-height:1.5} ul{padding-inline-start:20px;margin:8px 0}li{margin:4px 0}
figure{margin:20px 0 0;max-width:600px}
svg{display:block;width:100%;height:auto;margin-top:8px;overflow:visible}
.scroll{overflow-x:auto;margin-top:20px}
table{border-collapse:collapse;font-size:15px;min-width:100%;overflow-wrap:normal}
caption{text-align:start;padding-bottom:4px} th,td{text-align:start;padding:5px 14px 5px 0;border-bottom:1px
solid var(--line);vertical-align:top} th{color:var(--soft);font-weight:500} td{max-width:22em}
.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap} @media
(max-width:480px){body{font-size:16px}section{padding:16px 14px}h1{font-size:26px}.answer{font-size:17px}}
@media print{body{background:none}section{break-inside:avoid}} svg text{font-size:15px;fill:var(--ink)}svg
.soft{fill:var(--soft);font-size:14px} @media (max-width:480px){svg text{font-size:16.5px}svg
.soft{font-size:15.5px}} svg
.halo{paint-order:stroke;stroke:var(--raised);stroke-width:4px;stroke-linejoin:round} svg polyline,svg
line{fill:none;stroke-width:2} .grid{stroke:var(--line);stroke-width:1!important}
.dashed{stroke:var(--soft);stroke-dasharray:4 4}
"""
_STYLE = (
    _COLOURS
    + _LAYOUT
    + "".join(
        f".line{k}{{stroke:var(--c{k})}}.whisker{k}{{stroke:var(--c{k});stroke-opacity:.55}}.fill{k}{{fill:var(--c{k})}}"
        for k in range(5)
    )
)
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
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
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
