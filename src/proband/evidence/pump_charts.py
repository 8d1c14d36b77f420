"""Operating points of a pump on its curves of head against flow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proband.evidence.canvas import LINE, MUTED, PAPER, Canvas, step_colour
from proband.evidence.figures import last_beats, window
from proband.trials.result import Result
from proband.trials.steps import Numbered
from proband.units import Quantity


def pump_chart(result: Result, chart: Any, steps: Sequence[Numbered]) -> str | None:
    """Head against flow: the pump's own curves, the loop of a beat at each step, and its mean."""
    found = [(s, last_beats(result, s.number)) for s in steps]
    found = [
        (s, t) for s, t in found if t is not None and all(n in t.signals for n in (chart.flow, chart.head, chart.speed))
    ]
    if not found:
        return None
    flow_unit, head_unit, speed_unit = (result.plan.signals[n].unit for n in (chart.flow, chart.head, chart.speed))
    canvas = Canvas(f"chart {chart.device}", 4.3, 3.1)
    with canvas as axes:
        everything = np.concatenate([window(t, chart.flow)[1] for _, t in found])
        everything = everything[np.isfinite(everything)]
        left, right = (
            min(0.0, float(everything.min(initial=0.0)) - 0.2),
            max(6.0, float(everything.max(initial=0.0)) * 1.08),
        )
        flows = np.linspace(left, right, 25)
        curves: dict[float, np.ndarray] = {}
        for step, trace in found:
            speed = float(np.nanmean(window(trace, chart.speed)[1]))
            label = round(speed / 50) * 50
            heads = (
                static_heads(result, chart, step, flows * flow_unit.factor, speed_unit.si(speed))
                if label not in curves
                else None
            )
            if heads is not None:
                curves[label] = head_unit.of(heads)
        speeds = sorted(curves)
        for i, label in enumerate(speeds):
            axes.plot(flows, curves[label], color=LINE, lw=1.0, zorder=1)
            if i in (0, len(speeds) // 2, len(speeds) - 1):
                height = float(np.interp(0.0, flows, curves[label]))
                axes.annotate(f"{label:g}", (0.0, height), (2, 1), textcoords="offset points", fontsize=7, color=MUTED)
        # Loops of three steps are enough to see their shape; each step has its mean.
        looped = {found[i][0].number for i in (0, len(found) // 2, len(found) - 1)}
        for step, trace in found:
            colour = step_colour(step.number, len(result.plan.steps))
            q, h = window(trace, chart.flow)[1], window(trace, chart.head)[1]
            if step.number in looped:
                axes.plot(q, h, color=colour, lw=0.7, alpha=0.6, zorder=2)
            axes.plot([np.nanmean(q)], [np.nanmean(h)], "o", color=colour, ms=5, mec=PAPER, mew=0.8, zorder=3)
        tops = [float(np.interp(0.0, flows, c)) for c in curves.values()] + [
            float(np.nanmax(window(t, chart.head)[1])) for _, t in found
        ]
        axes.set_ylim(0.0, 1.08 * max(tops))
        axes.set_xlim(left, right)
        axes.set_xlabel(f"flow ({flow_unit.symbol})")
        axes.set_ylabel(f"head ({head_unit.symbol})")
    return canvas.svg


def static_heads(result: Result, chart: Any, step: Numbered, flows: np.ndarray, speed: float) -> np.ndarray | None:
    """Head over steady flow, asked of the pump's own equations; None where the pump cannot be asked so."""
    body = result.plan.groups[0].bodies[step.phase]
    part_name, _, flow = body.aliases.get(chart.flow, chart.flow).rpartition(".")
    _, _, head = body.aliases.get(chart.head, chart.head).rpartition(".")
    speed_part, _, speed_row = body.aliases.get(chart.speed, chart.speed).rpartition(".")
    part = body.parts[part_name]
    component = part.component
    ends = [r.name for r in component.rows.values() if r.kind == "end"]
    if speed_part != part_name or flow not in component.rows or speed_row not in component.rows or len(ends) != 2:
        return None
    table: dict[str, Quantity] = {}
    for name, row in component.rows.items():
        value = part.value(name)
        # What is read from elsewhere does not bear on a steady head: thirty of its unit stand for a well-filled inlet.
        table[name] = Quantity(30 * row.unit.factor if value is None else value, row.unit.dimension, row.unit)
    table[speed_row] = Quantity(speed, component.rows[speed_row].unit.dimension)
    heads = []
    for q in flows:
        table[flow] = Quantity(float(q), component.rows[flow].unit.dimension)
        points = []
        for rise in (0.0, 100.0):
            unit = component.rows[ends[1]].unit
            given = {
                **table,
                ends[0]: Quantity(0.0, unit.dimension),
                ends[1]: Quantity(rise * unit.factor, unit.dimension),
            }
            told = component.evaluate(**given)
            value = told[head]
            rate = told.get(f"d_{flow}", 0.0)
            points.append(
                (
                    rate.si if isinstance(rate, Quantity) else float(rate),
                    value.si if isinstance(value, Quantity) else float(value),
                )
            )
        (d0, h0), (d1, h1) = points
        # The pressure against which the flow would stand still, on the line through two trials.
        heads.append(h0 if d0 == d1 else h0 + (h1 - h0) * d0 / (d0 - d1))
    return np.array(heads)
