"""What `proband run` says when a trial is done: verdicts, the measures of each step, and where the report lies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np


def summary_of(result: Any, out: Path) -> dict[str, Any]:
    """What `run --json` prints."""
    from proband.evidence.record import _clean

    finite = result.times[~(result.times != result.times)]
    return _clean(
        {
            "trial": result.plan.trial.name,
            "hash": result.plan.trial.hash(),
            "status": result.status,
            "out": str(out),
            "patients": result.plan.patients,
            "failed": len(result.failures),
            "batches": {"of": result.batches, "taken_over": result.taken_over},
            "failures": [str(f) for f in result.failures[:20]],
            "steps": [s.name for s in result.plan.steps],
            "simulated_s": float(finite.max()) if finite.size else 0.0,
            "wall_s": round(result.wall_s, 3),
            "criteria": [vars(v) for v in result.verdicts()],
            "files": sorted(p.name for p in out.iterdir()),
        }
    )


MARKS = {True: "[green]✓ passed[/]", False: "[red]✗ not passed[/]", None: "○ not measured"}


def say_verdict(console: Any, verdict: dict[str, Any], patients: int) -> None:
    """`✓ passed  lvad.flow.mean (last): 4.2 L/min, asked ≥ 3 L/min`; of a cohort also how many are within."""
    from proband.evidence.canvas import shown_unit
    from proband.evidence.pages import number

    bound = " and ".join(
        [f"≥ {verdict['at_least']}"] * bool(verdict["at_least"])
        + [f"≤ {verdict['at_most']}"] * bool(verdict["at_most"])
    )
    value = f"{number(verdict['worst'], 4)} {shown_unit(verdict['unit'])}".strip()
    within = ""
    if patients > 1:
        inside = round(verdict["within"] / 100 * patients)
        within = f"; in {inside} of {patients} patients, {verdict['needed']:g} % asked"
    where = "" if verdict["step"] == "image" else f" ({verdict['step']})"
    furthest = ", worst" if patients > 1 else ""
    console.print(f"{MARKS[verdict['passed']]}  {verdict['measure']}{where}{furthest}: {value}, asked {bound}{within}")


def say_summary(summary: dict[str, Any], result: Any) -> None:
    """For people."""
    from rich.console import Console

    from proband.evidence.report_tables import asleep, stops

    console = Console(highlight=False, soft_wrap=True)
    for verdict in summary["criteria"]:
        say_verdict(console, verdict, result.plan.patients)
    say_table(result, console, console.width if sys.stdout.isatty() else 160)
    for sentence in (*stops(result), *asleep(result)):
        console.print(sentence, markup=False)
    who = "1 patient" if summary["patients"] == 1 else f"{summary['patients']} patients"
    console.print(
        f"{summary['simulated_s']:.0f} s of {who} in {summary['wall_s']:.1f} s; report: {summary['out']}/report.html"
    )


def say_table(result: Any, console: Any, width: int) -> None:
    """Measures by steps; what is too wide goes on below. Of a cohort the median."""
    from proband.evidence.canvas import shown_unit
    from proband.evidence.pages import row_numbers

    if not result.measures or not np.isfinite(result.values).any():
        return
    heads = [f"{result.title(m)} ({shown_unit(result.unit(m))})".replace(" ()", "") for m in result.measures]
    middle = [
        [np.median(v[np.isfinite(v)]) if np.isfinite(v).any() else np.nan for v in result.values[:, :, m].T]
        for m in range(len(heads))
    ]
    cells = [row_numbers(row) for row in middle]
    first = max(len(h) for h in heads)
    wide = 1 + max(6, *(len(c) for row in cells for c in row))
    steps = max(1, (width - first) // wide)
    for start in range(0, len(result.plan.steps), steps):
        shown = slice(start, start + steps)
        what = "step" if result.plan.patients == 1 else f"step (median of {result.plan.patients} patients)"
        console.print(f"\n{what:<{first}}" + "".join(f"{s.number:>{wide}}" for s in result.plan.steps[shown]))
        for head, row in zip(heads, cells, strict=True):
            console.print(f"{head:<{first}}" + "".join(f"{c:>{wide}}" for c in row[shown]), markup=False)
    console.print()
