"""The 42 volume- and pressure-control cases of ISO 80601-2-12 on a passive test lung."""

from __future__ import annotations

import csv
import importlib.resources
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from proband.benches.test_lung import FOLLOWS, Device, test_lung
from proband.model import ModelError
from proband.units import *

SOURCE = "ISO 80601-2-12 tables 201.104 and 201.105, as transcribed by RespiraWorks (Apache-2.0); the standard itself was not seen"
UNCERTAIN = {7, 8, 20}  # transcriptions that do not agree between sources, in both tables
SETTLE, MEASURED_BREATHS = 45 * s, 10
CIRCUITS = (("adult", 300.0), ("paediatric", 50.1), ("neonate", 0.0))  # from this volume in mL on; ≤ 50 mL is neonatal


@dataclass(frozen=True)
class Case:
    """One row of a table. C in mL/hPa, R in hPa s/L, rate per minute, pressures in hPa, volume in mL."""

    table: str  # VC or PC
    number: int
    C: float
    R: float
    rate: float
    ie: float
    peep: float
    oxygen: float
    volume: float  # set in VC, what the table expects in PC
    pressure: float | None = None

    @property
    def name(self) -> str:
        return f"{self.table} {self.number}"

    @property
    def t_in(self) -> float:
        """Inspiratory time in s."""
        return 60 / self.rate * self.ie / (1 + self.ie)

    @property
    def circuit(self) -> str:
        """The circuit that goes with the volume."""
        return next(name for name, least in CIRCUITS if self.volume >= least)


class Outcome(TypedDict):
    """A case as it came out. Volumes at the lung in mL (BTPS), pressures at the Y-piece in hPa, errors absolute."""

    case: str
    mode: str
    circuit: str
    set: dict[str, float]
    measured: dict[str, float]
    error: dict[str, float]
    bound: dict[str, float]
    passed: bool
    uncertain: bool


def iso_cases() -> list[Case]:
    """Both tables, in order."""
    found = []
    for table in ("VC", "PC"):
        text = (
            importlib.resources.files("proband.benches") / "data" / f"iso_80601_2_12_{table.lower()}.csv"
        ).read_text()
        for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
            number = {k: float(v) for k, v in row.items() if v}
            found.append(
                Case(
                    table,
                    int(number["case"]),
                    C=number["C"],
                    R=number["R"],
                    rate=number["rate"],
                    ie=number["ie"],
                    peep=number["peep"],
                    oxygen=number["oxygen"],
                    volume=number["volume"],
                    pressure=number.get("pressure"),
                )
            )
    return found


def bound_of_volume(volume: float) -> float:
    """Allowed error in mL: 2 mL + 8 %; at and below 50 mL 2 mL + 10 %, never above half (nothing given must not pass)."""
    return min(2 + 0.10 * volume, 0.5 * volume) if volume <= 50 else 2 + 0.08 * volume


def bound_of_pressure(pressure: float) -> float:
    """Allowed error in hPa: 2 hPa + 4 %."""
    return 2 + 0.04 * pressure


def run_cases(device: Device, engine: Callable[..., Any], cases: Sequence[Case] | None = None) -> list[Outcome]:
    """Each case settles for 45 s and is measured over ten breaths. The cases of one circuit run side by side."""
    cases = iso_cases() if cases is None else list(cases)
    outcomes: dict[str, Outcome] = {}
    for circuit, _ in CIRCUITS:
        group = [c for c in cases if c.circuit == circuit]
        if group:
            outcomes |= {o["case"]: o for o in _side_by_side(device, engine, group, circuit)}
    return [outcomes[c.name] for c in cases]


def _side_by_side(device: Device, engine: Callable[..., Any], cases: Sequence[Case], circuit: str) -> list[Outcome]:
    body = test_lung(device, size=circuit, trigger=0.0, pressure_limit=80 * cmH2O, descending=0.0)
    names = ["lung.volume", "ventilator.pressure", "ventilator.phase", "ventilator.oxygen_fraction"]
    hectopascal = cmH2O.of(hPa.si(1.0))  # in cmH2O
    litre_second = body.row("ventilator.tube.R1")[1].unit.of((hPa * s / L).si(1.0))
    compliance = body.row("lung.C")[1].unit.of((mL / hPa).si(1.0))
    rest = [1.2 * 80 * c.C for c in cases]  # mL at the room's pressure
    values = {
        "lung.C": [c.C * compliance for c in cases],
        "lung.V_0": rest,
        "lung.volume": [v + c.C * c.peep for v, c in zip(rest, cases, strict=True)],
        "ventilator.tube.R1": [c.R * litre_second for c in cases],
        "ventilator.tube.I": [c.R * litre_second * FOLLOWS.to(s) for c in cases],
        "ventilator.mode": [0.0 if c.table == "VC" else 1.0 for c in cases],
        "ventilator.tidal_volume": [c.volume for c in cases],
        "ventilator.set_rate": [c.rate for c in cases],
        "ventilator.inspiratory_time": [c.t_in for c in cases],
        "ventilator.peep": [c.peep * hectopascal for c in cases],
        "ventilator.inspiratory_pressure": [(c.pressure or 30) * hectopascal for c in cases],
        "ventilator.oxygen": [c.oxygen / 100 for c in cases],
    }
    run = engine(body, observe=names).start(patients=len(cases), values=values)
    run.advance(SETTLE)
    run.record(every=2 * ms)
    slowest = min(c.rate for c in cases)
    run.advance((MEASURED_BREATHS + 2) * 60 / slowest * s)
    if run.failures:
        raise ModelError(f"case {cases[run.failures[0].patient].name} could not be computed: {run.failures[0]}.")
    traces = run.traces()
    return [_judged(case, {n: traces[n][i] for n in names}, hectopascal, circuit) for i, case in enumerate(cases)]


def _judged(case: Case, traces: dict[str, Any], hectopascal: float, circuit: str) -> Outcome:
    import numpy as np

    inhaling = traces["ventilator.phase"] > 0.5
    begins = np.flatnonzero(inhaling[1:] & ~inhaling[:-1]) + 1
    if len(begins) < MEASURED_BREATHS + 1:
        raise ModelError(f"case {case.name} gave {len(begins)} breaths where {MEASURED_BREATHS + 1} were awaited.")
    p, v = traces["ventilator.pressure"] / hectopascal, traces["lung.volume"]
    volumes, peeps, tops = [], [], []
    for a, b in itertools.pairwise(begins):
        end = a + int(np.flatnonzero(~inhaling[a:b])[0])
        volumes.append(v[a:b].max() - v[a])
        peeps.append(p[b - 25 : b - 1].mean())  # the last 50 ms of expiration
        tops.append(p[max(a, end - 25) : end - 1].mean())  # the last 50 ms of inspiration
    measured = {"volume": float(np.mean(volumes)), "peep": float(np.mean(peeps)), "pressure": float(np.mean(tops))}
    measured["oxygen"] = 100 * float(traces["ventilator.oxygen_fraction"].mean())
    judged = {"volume": case.volume, "peep": case.peep} if case.table == "VC" else {"pressure": float(case.pressure or 0), "peep": case.peep}  # fmt: skip
    error = {name: measured[name] - value for name, value in judged.items()}
    bound = {n: bound_of_volume(value) if n == "volume" else bound_of_pressure(value) for n, value in judged.items()}
    told = {**judged, "rate": case.rate, "ie": case.ie, "oxygen": case.oxygen, "C": case.C, "R": case.R}
    return Outcome(
        case=case.name,
        mode="VC-CMV" if case.table == "VC" else "PC-CMV",
        circuit=circuit,
        set=told,
        measured=measured,
        error=error,
        bound=bound,
        passed=all(abs(error[n]) <= bound[n] for n in judged),
        uncertain=case.number in UNCERTAIN,
    )


def accuracy(outcomes: Sequence[Outcome], quantity: str, mode: str, bias: float = 2.0) -> dict[str, float]:
    """Largest error of a quantity as ± (bias + share of what is set): `bias` in its unit, the share in % that then holds
    for every case, beside the mean error and the largest one."""
    pairs = [
        (o["set"][quantity], o["error"][quantity]) for o in outcomes if o["mode"] == mode and quantity in o["error"]
    ]
    share = max(max(abs(e) - bias, 0.0) / value * 100 for value, e in pairs)
    errors = [e for _, e in pairs]
    return {
        "bias": bias,
        "linear_percent": share,
        "mean_error": sum(errors) / len(errors),
        "largest_error": max(errors, key=abs),
    }


def accuracies(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """The form that the standard wants disclosed, for what is judged in each control: `VC-CMV volume` (mL) and so on."""
    judged = (("VC-CMV", "volume"), ("VC-CMV", "peep"), ("PC-CMV", "pressure"), ("PC-CMV", "peep"))
    modes = {o["mode"] for o in outcomes}
    return {f"{mode} {quantity}": accuracy(outcomes, quantity, mode) for mode, quantity in judged if mode in modes}


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The outcomes as people read them."""
    unit = {"volume": "mL", "pressure": "hPa", "peep": "hPa"}
    said = []
    for o in outcomes:
        what = ", ".join(
            f"{n} {o['set'][n]:g} -> {o['measured'][n]:.4g} {unit[n]} (error {o['error'][n]:+.2f}, allowed {o['bound'][n]:.3g})"
            for n in o["error"]
        )
        more = "" if "volume" in o["error"] else f", volume {o['measured']['volume']:.4g} mL"
        mark = " [uncertain transcription]" if o["uncertain"] else ""
        said.append(f"{o['case']:<6} {'passed' if o['passed'] else 'FAILED'}  {what}{more}{mark}")
    for name, form in accuracies(outcomes).items():
        quantity = unit[name.split()[1]]
        said.append(
            f"{name}: within ±({form['bias']:g} {quantity} + {form['linear_percent']:.2g} %), mean error {form['mean_error']:+.3g} {quantity}"
        )
    return said
