"""The drawings of a report: vector graphics whose colours follow the page, by day, by night and in print."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from proband.trials.amounts import seconds
from proband.trials.reporting import Loop
from proband.trials.result import Recorded, Result
from proband.trials.steps import Numbered
from proband.units import Quantity

INK, MUTED, LINE, PAPER, BAND = "#010101", "#020202", "#030303", "#040404", "#050505"
SHOWN_S = 3.0  # of loops and charts: the last beats
EACH = 40  # patients that are drawn one by one
SERIES = 8  # colours for signals
STEPS = 12  # colours for steps

STYLE: Mapping[Any, Any] = {
    "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 8.5, "axes.edgecolor": MUTED, "axes.labelcolor": INK,
    "axes.linewidth": 0.7, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": LINE,
    "grid.linewidth": 0.5, "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": MUTED, "ytick.labelcolor": MUTED,
    "xtick.major.size": 3, "ytick.major.size": 3, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "text.color": INK,
    "lines.linewidth": 1.5, "lines.solid_capstyle": "round", "lines.solid_joinstyle": "round", "axes.titlesize": 9, "axes.titlelocation": "left",
    "axes.titleweight": "bold", "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "axes.axisbelow": True, "path.simplify": True, "path.simplify_threshold": 0.3,
}  # fmt: skip


def series(i: int) -> str:
    """A colour for a signal; the page decides which."""
    return f"#1000{i % SERIES:02x}"


def step_colour(step: int, count: int) -> str:
    """A colour for a step, from early to late; the page decides which."""
    return f"#2000{round((step - 1) * (STEPS - 1) / max(count - 1, 1)):02x}"


def said(unit: str) -> str:
    """A unit as an axis has it: a plain number has none, powers are raised."""
    unit = re.sub(r"\b(\w+)·\1·\1\b", r"\1³", unit)
    unit = re.sub(r"\b(\w+)·\1\b", r"\1²", unit)
    unit = re.sub(r"/\((\w+[²³])\)", r"/\1", unit)
    return {"1": "", "1/min": "/min"}.get(unit, unit)


class Canvas:
    """A drawing that becomes text. Used as `with Canvas("name", 3, 2) as axes:`"""

    def __init__(self, name: str, width: float, height: float, rows: int = 1, **layout: Any):
        self.name, self.size, self.rows, self.layout = name, (width, height), rows, layout

    def __enter__(self) -> Any:
        import matplotlib

        matplotlib.use("svg")
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        self._context = rc_context({**STYLE, "svg.hashsalt": f"proband {self.name}"})
        self._context.__enter__()
        self.figure = Figure(figsize=self.size, layout="constrained")
        self.axes = self.figure.subplots(self.rows, 1, squeeze=False, **self.layout)[:, 0]
        return self.axes[0] if self.rows == 1 else self.axes

    def __exit__(self, *problem: object) -> None:
        try:
            if problem[0] is None:
                out = io.StringIO()
                self.figure.savefig(
                    out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
                )
                self.svg = self._tidy(out.getvalue())
        finally:
            self._context.__exit__(None, None, None)

    def _tidy(self, text: str) -> str:
        text = text[text.index("<svg") :]
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        for code, name in ((INK, "ink"), (MUTED, "muted"), (LINE, "line"), (PAPER, "paper"), (BAND, "band")):
            text = text.replace(code, f"var(--{name})")
        text = re.sub(r"#1000([0-9a-f]{2})", lambda m: f"var(--c{int(m[1], 16)})", text)
        text = re.sub(r"#2000([0-9a-f]{2})", lambda m: f"var(--s{int(m[1], 16)})", text)
        text = re.sub(r"font-family: [^;\"]+;? ?", "", text)
        text = re.sub(r"font: ((?:bold |700 )?)([\d.]+px) [^;\"]+", r"font: \1\2 var(--sans)", text)
        text = re.sub(r'(<svg[^>]*?) width="[^"]+"', r'\1 width="100%"', text, count=1)
        text = re.sub(r'(<svg[^>]*?) height="[^"]+"', r'\1 role="img"', text, count=1)
        # Ids are made by the drawing library; each drawing keeps its own.
        tag = re.sub(r"\W", "_", self.name)
        text = re.sub(r'id="([^"]+)"', rf'id="{tag}-\1"', text)
        return re.sub(r'(url\(|href=")#', rf"\1#{tag}-", text).strip()


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
    canvas = Canvas(f"curve {measure} {steps[0].number}", 2.9, 1.95)
    with canvas as axes:
        if published is not None:
            centre, spread = published
            axes.axhspan(centre - spread, centre + spread, color=BAND, lw=0, zorder=0)
            axes.axhline(centre, color=MUTED, lw=0.8, ls=(0, (4, 3)), zorder=1)
        seen = y[np.isfinite(y)]
        if len(y) == 1:
            colours = [step_colour(s.number, len(result.plan.steps)) for s in steps]
            axes.plot(x[0], y[0], color=MUTED, lw=1.1, zorder=2)
            axes.scatter(x[0], y[0], c=colours, s=20, zorder=3, linewidths=0)
            seen = np.append(seen, _loose(axes, result, measure, against, aside))
        elif len(y) <= SERIES:
            for i in range(len(y)):
                axes.plot(x[i], y[i], color=series(i), lw=1.1, marker="o", ms=3)
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
        axes.set_ylabel(said(result.unit(measure)))
        axes.set_xlabel(_axis(result.title(against), result.unit(against)) if against else "step")
        if not against:
            every = -(-len(steps) // 12)  # more numbers than these would run into each other
            axes.set_xticks([s.number for s in steps][::every])
        _room(axes, seen, published is not None)
    return canvas.svg


def _axis(title: str, unit: str) -> str:
    return f"{title} ({said(unit)})" if said(unit) else title


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


def _window(trace: Recorded, name: str, last: float = SHOWN_S) -> tuple[np.ndarray, np.ndarray]:
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
    time, values = _window(trace, name, last)
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
    colours = {name: series(i) for i, name in enumerate(drawn_names(rows))}
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
                        axis.plot(*_drawn(result, trace, name, names[0], last), color=colours[name], lw=1.15)
                axis.set_ylim(*limits)
                axis.set_ylabel(said(result.plan.signals[names[0]].unit.symbol))
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
            x, y = (_window(trace, name, last)[1] for name in (loop.x, loop.y))
            axes.plot(x, y, color=step_colour(step.number, len(result.plan.steps)), lw=1.0)
        for name, label in ((loop.x, axes.set_xlabel), (loop.y, axes.set_ylabel)):
            label(_axis(_short(name, loop), result.plan.signals[name].unit.symbol))
    return canvas.svg


def _short(name: str, loop: Loop) -> str:
    """A signal's name on an axis: its quantity alone where both are of one part."""
    part, _, quantity = name.rpartition(".")
    same = loop.x.rpartition(".")[0] == loop.y.rpartition(".")[0]
    return (quantity if same else f"{part} {quantity}").replace("_", " ")


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
        everything = np.concatenate([_window(t, chart.flow)[1] for _, t in found])
        everything = everything[np.isfinite(everything)]
        left, right = (
            min(0.0, float(everything.min(initial=0.0)) - 0.2),
            max(6.0, float(everything.max(initial=0.0)) * 1.08),
        )
        flows = np.linspace(left, right, 25)
        curves: dict[float, np.ndarray] = {}
        for step, trace in found:
            speed = float(np.nanmean(_window(trace, chart.speed)[1]))
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
            q, h = _window(trace, chart.flow)[1], _window(trace, chart.head)[1]
            if step.number in looped:
                axes.plot(q, h, color=colour, lw=0.7, alpha=0.6, zorder=2)
            axes.plot([np.nanmean(q)], [np.nanmean(h)], "o", color=colour, ms=5, mec=PAPER, mew=0.8, zorder=3)
        tops = [float(np.interp(0.0, flows, c)) for c in curves.values()] + [
            float(np.nanmax(_window(t, chart.head)[1])) for _, t in found
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
