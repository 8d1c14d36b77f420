"""Draws the first figure of the README from a simulation: `python docs/figures/make_figure.py [folder]`.

A patient with severe heart failure, first alone, then with a HeartMate 3 whose speed is raised step by step.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from proband.trials import Attach, Range, Record, Step, Trial

SPEEDS = np.arange(4600, 6601, 200)
SHOWN = (4800, 5600, 6400)  # loops that are drawn
CURVES = (
    ("lvad.flow.mean", "Pump flow", "L/min", "monitor.cardiac_output.mean", "all flow"),
    ("monitor.wedge.mean", "Wedge pressure", "mmHg", "monitor.wedge.mean", ""),
    ("monitor.mean_arterial.mean", "Arterial pressure", "mmHg", "monitor.mean_arterial.mean", ""),
    (
        "monitor.left_end_diastolic_volume.mean",
        "End-diastolic volume",
        "mL",
        "monitor.left_end_diastolic_volume.mean",
        "",
    ),
)
INK, MUTED, LINE = "#1c1c1e", "#6b6b70", "#d9d9de"
COLOURS = matplotlib.colormaps["viridis"]  # readable in grey and by the colour-blind


def simulate():
    """The patient alone and with the pump: two results."""
    signals = Record(signals=["left_ventricle.pressure", "left_ventricle.volume"], every="4 ms", last="2500 ms")
    common = {"patient": "hfref_severe", "settle": "90 s", "record": signals}
    alone = Trial(**common, protocol=[Step(hold="20 s")], measures=sorted({m for *_, m, _ in CURVES}))
    pump = Attach(device="heartmate3", from_="left_ventricle", to="aorta", settings={"speed": "4600 rpm", "mode": "0"})
    ramp = Range(from_=f"{SPEEDS[0]} rpm", to=f"{SPEEDS[-1]} rpm", by="200 rpm")
    helped = Trial(
        **common,
        attach={"lvad": pump},
        protocol=[Step(ramp={"lvad.speed": ramp}, hold="40 s")],
        measures=sorted({m for row in CURVES for m in (row[0], row[3])}),
    )
    return alone.run(), helped.run()


def colour(speed):
    return COLOURS(0.08 + 0.70 * (speed - SPEEDS[0]) / (SPEEDS[-1] - SPEEDS[0]))


def beat(trace):
    """One whole beat of a trace: volume and pressure, closed, from the largest volume to the next."""
    v, p = (trace.signals[f"left_ventricle.{q}"][0] for q in ("volume", "pressure"))
    low = p < 0.5 * (p.min() + p.max())
    rises = np.flatnonzero(low[:-1] & ~low[1:])
    if len(rises) < 2:
        return v, p
    return v[rises[-2] : rises[-1] + 1], p[rises[-2] : rises[-1] + 1]


def loops(axes, alone, helped):
    v, p = beat(alone.traces[0])
    axes.plot(np.append(v, v[0]), np.append(p, p[0]), color=INK, lw=1.6, ls=(0, (4, 2)))
    axes.annotate(
        "without pump",
        (v[p > 0.8 * p.max()].mean(), p.max()),
        (28, 3),
        textcoords="offset points",
        color=INK,
        ha="center",
    )
    for speed in SHOWN:
        v, p = beat(helped.traces[int(np.flatnonzero(speed == SPEEDS)[0])])
        axes.plot(np.append(v, v[0]), np.append(p, p[0]), color=colour(speed), lw=2.2)
        axes.annotate(
            f"{speed} rpm",
            (v[p > 0.8 * p.max()].mean(), p.max()),
            (0, 5),
            textcoords="offset points",
            color=colour(speed),
            ha="center",
            weight="bold",
            size="small",
        )
    axes.set(xlabel="Left ventricular volume (mL)", ylabel="Left ventricular pressure (mmHg)", ylim=(0, None))
    axes.margins(y=0.12)
    axes.set_title("Pressure–volume loops", loc="left")


def ramps(fig, cells, alone, helped):
    for cell, (measure, title, unit, rest, other) in zip(cells, CURVES):
        axes = fig.add_subplot(cell)
        values = helped.of(measure)[0]
        before = float(alone.of(rest)[0, 0])
        axes.axhline(before, color=INK, lw=1.2, ls=(0, (4, 2)))
        axes.plot(SPEEDS, values, color=LINE, lw=2, zorder=1)
        axes.scatter(SPEEDS, values, c=[colour(n) for n in SPEEDS], s=26, zorder=2)
        room = 0.15 * (max(values.max(), before) - min(values.min(), before))
        axes.set(
            ylim=(min(values.min(), before) - room, max(values.max(), before) + room),
            xlim=(SPEEDS[0] - 120, SPEEDS[-1] + 120),
        )
        axes.set_title(f"{title} ({unit})", loc="left")
        axes.set_xticks((5000, 6000))
        axes.set_xlabel("Speed (rpm)")
        if other:
            axes.annotate(
                f"{other}, without pump",
                (SPEEDS[-1], before),
                (0, 4),
                textcoords="offset points",
                color=INK,
                ha="right",
                size=8,
            )


def draw(alone, helped, folder: Path) -> list[Path]:
    plt.style.use(Path(__file__).with_name("figures.mplstyle"))
    fig = plt.figure(figsize=(10.4, 4.7), layout="constrained")
    grid = fig.add_gridspec(2, 4, width_ratios=(1, 1, 1, 1))
    loops(fig.add_subplot(grid[:, :2]), alone, helped)
    ramps(fig, [grid[0, 2], grid[0, 3], grid[1, 2], grid[1, 3]], alone, helped)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "lvad_ramp.png", folder / "lvad_ramp.svg"]
    fig.savefig(paths[0], dpi=150, metadata={"Software": None})
    fig.savefig(paths[1], metadata={"Date": None})
    plt.close(fig)
    return paths


if __name__ == "__main__":
    for path in draw(*simulate(), Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(f"{path}: {path.stat().st_size // 1000} kB")
