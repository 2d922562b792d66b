"""The style sheet of a report: the arena's colours, by day and by night; five for the lines of a plot."""

_COLOURS = """
:root{color-scheme:light dark;--ground:#faf7f2;--raised:#fff;--line:#e4ddd2;--ink:#1e1a16;--soft:#6b6257;
--care:#8a6112;--c0:#b4532a;--c1:#1f6a86;--c2:#4a7336;--c3:#8a6112;--c4:#6d4a8c}
@media (prefers-color-scheme:dark){:root{--ground:#15120f;--raised:#1e1a16;--line:#3a332b;--ink:#f2ece3;
--soft:#a79c8d;--care:#d9ac4e;--c0:#e08a5b;--c1:#62b3cf;--c2:#8dbb72;--c3:#d9ac4e;--c4:#c09be0}}
"""

_TEXT = """
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);overflow-wrap:anywhere;
font:17px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:760px;margin:0 auto;padding:32px 16px 64px}
h1,h2{font-family:Georgia,"Songti SC","Noto Serif CJK SC",serif;font-weight:600;line-height:1.25;margin:0}
h1{font-size:30px}
h2{font-size:22px}
p{margin:8px 0;max-width:72ch}
.soft,figcaption,caption{color:var(--soft);font-size:15px}
section{background:var(--raised);border:1px solid var(--line);border-radius:10px;padding:20px;margin:20px 0}
.alarm{border-inline-start:4px solid var(--care)}
.word{color:var(--care);font-size:15px;font-weight:600;margin:0 0 4px}
.answer{font-size:19px;line-height:1.5}
ul{padding-inline-start:20px;margin:8px 0}
li{margin:4px 0}
.scroll{overflow-x:auto;margin-top:20px}
table{border-collapse:collapse;font-size:15px;line-height:1.45;min-width:100%;overflow-wrap:normal}
caption{text-align:start;padding-bottom:4px}
th,td{text-align:start;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500}
td{max-width:22em}
.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
"""

_PLOTS = """
figure{margin:20px 0 0;max-width:600px}
svg{display:block;width:100%;height:auto;margin-top:8px;overflow:visible}
.wide svg{min-width:640px}
svg text{font-size:15px;fill:var(--ink)}
svg .soft{fill:var(--soft);font-size:14px}
svg .halo{paint-order:stroke;stroke:var(--raised);stroke-width:4px;stroke-linejoin:round}
svg polyline,svg line{fill:none;stroke-width:2}
svg .grid{stroke:var(--line);stroke-width:1}
svg .dashed{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:4 4}
"""

_PLACES = """
@media (max-width:480px){
body{font-size:16px}
section{padding:16px 14px}
h1{font-size:26px}
.answer{font-size:17px}
svg text{font-size:16.5px}
svg .soft{font-size:15.5px}
}
@media print{body{background:none}section{break-inside:avoid}}
"""

_LINES = "".join(
    f".line{k}{{stroke:var(--c{k})}}\n"
    f".whisker{k}{{stroke:var(--c{k});stroke-opacity:.55}}\n"
    f".fill{k}{{fill:var(--c{k})}}\n"
    for k in range(5)
)

STYLE = _COLOURS + _TEXT + _PLOTS + _LINES + _PLACES
