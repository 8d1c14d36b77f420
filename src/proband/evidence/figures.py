"""The drawings of a report: vector graphics whose colours follow the page, by day, by night and in print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proband.evidence.canvas import BAND, LINE, MUTED, SERIES, Canvas, dashes, series, shown_unit, step_colour
from proband.trials.amounts import seconds
from proband.trials.reporting import Loop
from proband.trials.result import Recorded, Result
from proband.trials.steps import Numbered

SHOWN_S = 3.0  # of loops and charts: the last beats
EACH = 40  # patients that are drawn one by one


def curve(
    result: Result,
    measure: str,
    steps: Sequence[Numbered],
    against: str,
    published: Any = None,
    aside: Sequence[Numbered] = (),
) -> str:
    """A measure over the steps, or against another measure, with other steps as loose numbered dots `aside`.

    A few patients have a line each; of a cohort the median is drawn, with the middle 90 %."""
    index = [s.number - 1 for s in steps]
    y = result.of(measure)[:, index]
    x = result.of(against)[:, index] if against else np.broadcast_to(np.array([1.0 + i for i in index]), y.shape)
    together = _ramps(steps) if against else [slice(None)]
    canvas = Canvas(f"curve {measure} {steps[0].number}", 2.9, 1.95)
    with canvas as axes:
        if published is not None:
            centre, spread = published
            axes.axhspan(centre - spread, centre + spread, color=BAND, lw=0, zorder=0)
            axes.axhline(centre, color=MUTED, lw=0.8, ls=(0, (4, 3)), zorder=1)
        seen = y[np.isfinite(y)]
        if len(y) == 1:
            colours = [step_colour(s.number, len(result.plan.steps)) for s in steps]
            for k in together:
                axes.plot(x[0, k], y[0, k], color=MUTED, lw=1.1, zorder=2)
            axes.scatter(x[0], y[0], c=colours, s=20, zorder=3, linewidths=0)
            seen = np.append(seen, _loose(axes, result, measure, against, aside))
        elif len(y) <= SERIES:
            for i in range(len(y)):
                for k in together:
                    axes.plot(x[i, k], y[i, k], color=series(i), lw=1.1, marker="o", ms=3)
        else:
            shown = np.isfinite(y).any(axis=0)
            low, middle, high = np.nanpercentile(y[:, shown], (5, 50, 95), axis=0)
            place = np.nanmedian(x[:, shown], axis=0)
            axes.fill_between(place, low, high, color=series(0), alpha=0.18, lw=0)
            if len(y) <= EACH:
                axes.plot(x.T, y.T, color=series(0), lw=0.4, alpha=0.35)
            else:
                seen = np.concatenate([low, high])  # the band; of many patients some lie far out
            axes.plot(place, middle, color=series(0), marker="o", ms=3.5)
        axes.set_ylabel(shown_unit(result.unit(measure)))
        axes.set_xlabel(_axis(result.title(against), result.unit(against)) if against else "step")
        if not against:
            every = -(-len(steps) // 12)  # more numbers than these would run into each other
            axes.set_xticks([s.number for s in steps][::every])
        _room(axes, seen, published is not None)
    return canvas.svg


def _ramps(steps: Sequence[Numbered]) -> list[slice]:
    """Steps that one line may join: those of a ramp, but not the last of one with the first of the next."""
    ends = [i for i in range(1, len(steps)) if steps[i].ramp != steps[i - 1].ramp]
    return [slice(a, b) for a, b in zip([0, *ends], [*ends, len(steps)], strict=True)]


def _axis(title: str, unit: str) -> str:
    return f"{title} ({shown_unit(unit)})" if shown_unit(unit) else title


def _loose(axes: Any, result: Result, measure: str, against: str, steps: Sequence[Numbered]) -> list[float]:
    """Steps beside the ramp: dots with their numbers. Returns their heights."""
    heights = []
    for s in steps:
        x, y = (float(result.of(m)[0, s.number - 1]) for m in (against, measure))
        if np.isfinite(x) and np.isfinite(y):
            axes.plot([x], [y], "o", ms=4.5, mfc="none", mec=step_colour(s.number, len(result.plan.steps)), mew=1.1)
            axes.annotate(str(s.number), (x, y), (3, 3), textcoords="offset points", fontsize=6.5, color=MUTED)
            heights.append(y)
    return heights


def _room(axes: Any, values: np.ndarray, published: bool) -> None:
    """A flat line should look flat: the axis spans at least 8 % of the values."""
    if values.size:
        middle, half = (
            (values.max() + values.min()) / 2,
            max(np.ptp(values) / 2, 0.04 * abs(values).max() or 0.5) * 1.15,
        )
        low, high = axes.get_ylim() if published else (middle, middle)
        axes.set_ylim(min(low, middle - half), max(high, middle + half))


def last_beats(result: Result, step: int) -> Recorded | None:
    """The traces of the first patient in a step."""
    return next((t for t in result.traces if t.step == step and 0 in t.patients and len(t.time_s)), None)


def window(trace: Recorded, name: str, last: float = SHOWN_S) -> tuple[np.ndarray, np.ndarray]:
    """Time from 0 and a signal of the first patient, over the last seconds of a step."""
    time = trace.time_s - trace.time_s[-1]
    shown = time >= -last
    row = int(np.nonzero(trace.patients == 0)[0][0])
    return time[shown] + last, np.asarray(trace.signals[name])[row][shown]


def _limits(result: Result, traces: Sequence[Recorded], names: Sequence[str], last: float) -> tuple[float, float]:
    every = [_drawn(result, t, n, names[0], last)[1] for t in traces for n in names if n in t.signals]
    values = np.concatenate(every or [np.zeros(1)])
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 1.0
    low, high = np.percentile(values, (0.05, 99.95))
    room = 0.06 * max(high - low, 1e-9)
    return low - room, high + room


def _drawn(result: Result, trace: Recorded, name: str, like: str, last: float) -> tuple[np.ndarray, np.ndarray]:
    """A signal over the last time, in the unit of the one whose axis it shares."""
    time, values = window(trace, name, last)
    own, axis = (result.plan.signals[n].unit for n in (name, like))
    return time, values if own == axis or own.dimension != axis.dimension else axis.of(own.si(values))


def traces(result: Result, steps: Sequence[Numbered], rows: Sequence[Sequence[str]]) -> list[tuple[Numbered, str]]:
    """Signals over the last beats, row above row, one drawing for each step, all on the same scales."""
    found = [(s, last_beats(result, s.number)) for s in steps]
    every = [t for _, t in found if t is not None]
    if not every or not rows:
        return []
    last = seconds(result.plan.trial.report.shown)
    scales = [_limits(result, every, names, last) for names in rows]
    lines = {name: {"color": series(i), "ls": dashes(i)} for i, name in enumerate(drawn_names(rows))}
    drawn = []
    for step, trace in found:
        if trace is None:
            continue
        canvas = Canvas(
            f"traces {step.number}", 3.4, 1.35 * len(rows) + (0.95 if len(rows) < 3 else 0.4), len(rows), sharex=True
        )
        with canvas as axes:
            for axis, names, limits in zip(np.atleast_1d(axes), rows, scales, strict=True):
                for name in names:
                    if name in trace.signals:
                        axis.plot(*_drawn(result, trace, name, names[0], last), **lines[name], lw=1.15)
                axis.set_ylim(*limits)
                axis.set_ylabel(shown_unit(result.plan.signals[names[0]].unit.symbol))
            np.atleast_1d(axes)[-1].set_xlabel("s")
            np.atleast_1d(axes)[-1].set_xlim(0, last)
        drawn.append((step, canvas.svg))
    return drawn


def drawn_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """The signals of all rows, each once, in the order of their colours."""
    return list(dict.fromkeys(name for names in rows for name in names))


def loops(result: Result, steps: Sequence[Numbered], loop: Loop) -> str:
    """One signal against another over the last beats or breaths, step by step."""
    last = max(SHOWN_S, seconds(result.plan.trial.report.shown))
    canvas = Canvas(f"loops {loop.x} {loop.y}", 4.3, 3.1)
    with canvas as axes:
        for step in steps:
            trace = last_beats(result, step.number)
            if trace is None or not {loop.x, loop.y} <= trace.signals.keys():
                continue
            x, y = (window(trace, name, last)[1] for name in (loop.x, loop.y))
            axes.plot(x, y, color=step_colour(step.number, len(result.plan.steps)), lw=1.0)
        for name, label in ((loop.x, axes.set_xlabel), (loop.y, axes.set_ylabel)):
            label(_axis(_short(name, loop), result.plan.signals[name].unit.symbol))
    return canvas.svg


def _short(name: str, loop: Loop) -> str:
    """A signal's name on an axis: its quantity alone where both are of one part."""
    part, _, quantity = name.rpartition(".")
    same = loop.x.rpartition(".")[0] == loop.y.rpartition(".")[0]
    return (quantity if same else f"{part} {quantity}").replace("_", " ")


def timeline(result: Result) -> str | None:
    """Alarms as bars over the steps, for the first patient that had any."""
    alarms = [e for e in result.events if e.priority in ("high", "medium", "low")]
    if not alarms:
        return None
    patient = min(e.patient for e in alarms)
    end = float(np.nanmax(result.times))
    bars: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    open_since: dict[tuple[str, str, str], float] = {}
    for e in sorted((e for e in alarms if e.patient == patient), key=lambda e: e.time_s):
        key = (e.part, e.event.removesuffix(" ended"), e.priority)
        if e.event.endswith(" ended"):
            if key in open_since:
                bars.setdefault(key, []).append((open_since[key], e.time_s))
                del open_since[key]
        else:
            open_since[key] = e.time_s
    for key, since in open_since.items():
        bars.setdefault(key, []).append((since, end))
    if not bars:
        return None
    # Colours of priority as in IEC 60601-1-8; the word stands beside, for those who see no colour.
    colours = {"high": series(1), "medium": series(4), "low": series(5)}
    rows = sorted(bars, key=lambda k: (("high", "medium", "low").index(k[2]), k))
    canvas = Canvas("timeline", 9.2, 0.75 + 0.27 * len(rows))
    with canvas as axes:
        for i, key in enumerate(rows):
            for a, b in bars[key]:
                axes.barh(i, max(b - a, end * 0.002), left=a, height=0.5, color=colours[key[2]], linewidth=0)
        for number, (start, stop) in enumerate(result.times, 1):
            if np.isfinite(start):
                axes.axvline(start, color=LINE, lw=0.7, zorder=0)
                if np.isfinite(stop):
                    axes.text((start + stop) / 2, -0.85, str(number), ha="center", va="bottom", fontsize=7, color=MUTED)
        axes.set_yticks(range(len(rows)), [f"{e.replace('_', ' ')} ({p})" for _, e, p in rows])
        axes.set_ylim(len(rows) - 0.4, -0.95)
        axes.set_xlim(0, end)
        axes.set_xlabel("s   (numbers above: steps)")
        axes.grid(False)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    return canvas.svg
