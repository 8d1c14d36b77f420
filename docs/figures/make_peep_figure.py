"""Draws the second figure of the README from a simulation: `python docs/figures/make_peep_figure.py [folder]`.

The shipped trial `ards_peep_titration`: moderate ARDS, opened once with 40 cmH2O, then PEEP from 20 to 6 cmH2O.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from proband.trials import load

SHOWN = (20, 12, 6)  # PEEP (cmH2O) of the breaths that are drawn
SECONDS = 3.0  # one breath at 20/min
CURVES = (
    ("ventilator.dynamic_compliance.mean", "Dynamic compliance (mL/cmH2O)"),
    ("gas_aorta.PO2.mean", "Arterial PO2 (mmHg)"),
    ("shunt.flow.mean", "Shunted blood (L/min)"),
    ("monitor.cardiac_output.mean", "Cardiac output (L/min)"),
)
INK, MUTED, LINE = "#1c1c1e", "#6b6b70", "#d9d9de"
COLOURS = matplotlib.colormaps["viridis"]  # readable in grey and by the colour-blind


def simulate():
    """The result of the shipped trial."""
    return load("ards_peep_titration").run()


def titration(result) -> tuple[list[int], np.ndarray]:
    """The decremental steps, and PEEP (cmH2O) in each."""
    steps = [i for i, step in enumerate(result.plan.steps) if step.name.startswith("PEEP")]
    return steps, result.of("ventilator.peep.last")[0, steps]


def colour(peep: float):
    return COLOURS(0.08 + 0.70 * (20 - peep) / 14)


def breath(trace, name: str) -> tuple[np.ndarray, np.ndarray]:
    """One breath of a signal: time from the beginning of inspiration (s), and the values."""
    flow, time = trace.signals["ventilator.flow"][0], np.asarray(trace.time_s)
    begins = np.flatnonzero((flow[:-1] < 2) & (flow[1:] >= 2)) + 1
    first = next(i for i in begins if time[i] + SECONDS <= time[-1])
    some = (time >= time[first] - 0.2) & (time <= time[first] + SECONDS - 0.2)
    return time[some] - time[first], trace.signals[name][0][some]


def waves(fig, cells, result) -> None:
    steps, peeps = titration(result)
    pressure, flow = (fig.add_subplot(cell) for cell in cells)
    for peep in SHOWN:
        trace = result.traces[steps[int(np.argmin(abs(peeps - peep)))]]
        for axes, name, style in (
            (pressure, "ventilator.pressure", "-"),
            (pressure, "pleura.pressure", (0, (3, 1.5))),
            (flow, "ventilator.flow", "-"),
        ):
            t, values = breath(trace, name)
            axes.plot(t, values, color=colour(peep), lw=1.9, ls=style)
            if name == "ventilator.pressure":
                axes.annotate(f"PEEP {peep}", (t[-1], values[-1]), (-2, 5), textcoords="offset points", ha="right",
                              color=colour(peep), weight="bold", size=8.5)  # fmt: skip
            if name == "pleura.pressure" and peep == SHOWN[-1]:
                axes.annotate("around the lungs (pleura)", (t[-1], values[-1]), (-2, -12), textcoords="offset points",
                              ha="right", size=8.5, color=MUTED)  # fmt: skip
    pressure.set_title("Pressure at the Y-piece (cmH2O)", loc="left")
    flow.set_title("Flow into the patient (L/min)", loc="left")
    flow.set_xlabel("Time from the beginning of a breath (s)")
    for axes in (pressure, flow):
        axes.axhline(0, color=LINE, lw=1)
    pressure.set_ylim(-8, None)


def curves(fig, cells, result) -> None:
    steps, peeps = titration(result)
    for cell, (measure, title) in zip(cells, CURVES):
        axes = fig.add_subplot(cell)
        values = result.of(measure)[0, steps]
        axes.plot(peeps, values, color=LINE, lw=2, zorder=1)
        axes.scatter(peeps, values, c=[colour(p) for p in peeps], s=26, zorder=2)
        axes.set_title(title, loc="left")
        axes.margins(y=0.15)
        axes.set_xlim(21.5, 4.5)  # PEEP is taken down
        axes.set_xticks((20, 14, 8))
        axes.set_xlabel("PEEP (cmH2O)")


def draw(result, folder: Path) -> list[Path]:
    plt.style.use(Path(__file__).with_name("figures.mplstyle"))
    fig = plt.figure(figsize=(10.4, 4.7), layout="constrained")
    grid = fig.add_gridspec(2, 4)
    waves(fig, [grid[0, :2], grid[1, :2]], result)
    curves(fig, [grid[0, 2], grid[0, 3], grid[1, 2], grid[1, 3]], result)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "peep_titration.png", folder / "peep_titration.svg"]
    fig.savefig(paths[0], dpi=150, metadata={"Software": None})
    fig.savefig(paths[1], metadata={"Date": None})
    plt.close(fig)
    return paths


if __name__ == "__main__":
    for path in draw(simulate(), Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(f"{path}: {path.stat().st_size // 1000} kB")
