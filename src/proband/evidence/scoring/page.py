"""The board as a page that stands alone: no script, no address, by day and by night."""

from __future__ import annotations

from jinja2 import Environment

from proband.evidence.scoring.board import VERDICTS, Board, counted, rows_of, shown
from proband.evidence.scoring.published import ROLES

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Scoreboard of published numbers</title>
<style>
:root { color-scheme: light dark; --ink: #1c1c1e; --muted: #6b6b70; --line: #dcdce0; --paper: #fff; --green: #1a7f4b; --yellow: #a76b00; --red: #c22a2a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ea; --muted: #9a9aa0; --line: #38383c; --paper: #161618; --green: #4cc38a; --yellow: #e2a93b; --red: #ff6b6b; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .2rem; } p { margin: .3rem 0; } .muted { color: var(--muted); }
.bar { display: flex; height: .7rem; border-radius: .35rem; overflow: hidden; margin: .8rem 0; }
.bar i { display: block; } .bar .green { background: var(--green); } .bar .yellow { background: var(--yellow); } .bar .red { background: var(--red); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; } th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--muted); font-size: .85rem; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.green { color: var(--green); } td.yellow { color: var(--yellow); } td.red { color: var(--red); font-weight: 600; }
tr.red td { color: var(--red); } tr.aside td { opacity: .65; } small { color: var(--muted); }
</style></head><body>
<h1>Scoreboard of published numbers</h1>
<p>{{ total }} validation rows: results of bench, clinical and animal studies that entered no fit and no data sheet.
{{ signs }} of them are directions only. Green: within the largest of 10 %, the spread of the published mean, and a floor
(3 mmHg, 3 /min, 5 mL, 0.3 L/min, 2 points); yellow: within 30 %; red: beyond.</p>
<div class="bar">{% for v in verdicts %}<i class="{{ v }}" style="width: {{ '%.2f' % share[v] }}%"></i>{% endfor %}</div>
<p>{% for v in verdicts %}{{ v }} {{ counted[v] }}{{ ', ' if not loop.last else '.' }}{% endfor %}
<span class="muted">Not counted: {{ others }}.</span></p>
{% if wings|length > 1 %}<table><thead><tr><th>by wing</th><th class="n">rows</th>{% for v in verdicts %}<th class="n">{{ v }}</th>{% endfor %}</tr></thead><tbody>
{% for wing, (rows, of) in wings.items() %}<tr><td>{{ wing }}</td><td class="n">{{ rows }}</td>{% for v in verdicts %}<td class="n {{ v }}">{{ of[v] }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% endif %}
{% for study, rows in studies.items() %}
<h2>{{ study }}</h2><p class="muted">{{ cohorts[study] }}</p>
<table><thead><tr><th>quantity</th><th class="n">published</th><th class="n">±</th><th class="n">simulated</th><th>unit</th><th></th><th>role</th></tr></thead><tbody>
{% for s in rows %}<tr class="{{ s.verdict if s.verdict == 'red' else '' }}{{ '' if s.row.counts else ' aside' }}"><td>{{ s.row.quantity }}<br><small>{{ s.row.conditions }} · {{ s.row.source }}</small></td>
<td class="n">{{ shown(s.row.value, s.row) }}</td><td class="n">{{ '' if s.row.is_direction else '%.2g' % s.within }}</td><td class="n">{{ shown(s.simulated, s.row) }}</td>
<td>{{ '' if s.row.is_direction else s.row.unit }}</td><td class="{{ s.verdict }}">{{ s.verdict }}</td><td>{{ s.row.role }}</td></tr>
{% endfor %}</tbody></table>
{% endfor %}
<p class="muted">Research use only; not a medical device. Product names belong to their owners.</p>
</body></html>
"""


def page(result: Board) -> str:
    """HTML."""
    tally = result.tally()
    return Environment(autoescape=True).from_string(PAGE).render(
        total=sum(tally.values()), counted=counted(result), share={v: result.share(v) for v in VERDICTS}, verdicts=VERDICTS, cohorts=result.cohorts,
        signs=sum(s.row.is_direction for s in result.scored if s.row.counts), studies=rows_of(result.scored), shown=shown,
        wings={wing: (sum(part.tally().values()), counted(part)) for wing, part in result.wings.items()},
        others=", ".join(f"{sum(result.tally(r).values())} {r} rows" for r in ROLES if r != "validation"),
    )  # fmt: skip
