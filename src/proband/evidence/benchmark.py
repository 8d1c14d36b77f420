"""How fast and how exact: a full body with a device, measured in one run.

`heart`: severe heart failure with a left ventricular assist device. `breath`: lungs, gases and a ventilator.
Times are processor time of this thread, the best of several; what else the machine does raises them, never lowers, and
how much it does is told (`load_before`)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proband.evidence import busy

REPEATS = 7


@dataclass(frozen=True)
class Subject:
    """What is measured: a patient of whom a row varies in the cohort, with a device."""

    patient: str
    device: str
    attached: Callable[[Any], Any]  # the body with the device
    varied: str  # a row of the body; a cohort has 0.8 to 1.2 of it
    watch: tuple[str, ...]
    rest: float  # s until the one patient is measured
    stretch: float  # s over which means are compared until they stay: many beats and, where there are any, breaths
    targets: Mapping[str, tuple[str, float]]


def _with_pump(body: Any) -> Any:
    from proband import devices
    from proband.units import rpm

    return body.attach(lvad=devices.load("heartmate3")(body.left_ventricle, body.aorta, speed=5400 * rpm))


WATCH = (
    "monitor.mean_arterial", "monitor.central_venous", "monitor.pulmonary_mean", "monitor.wedge",
    "monitor.cardiac_output", "monitor.left_end_diastolic_volume", "monitor.right_end_diastolic_volume",
)  # fmt: skip
HEART = Subject(
    patient="hfref_severe",
    device="heartmate3",
    attached=_with_pump,
    varied="left_ventricle.E_max",
    watch=WATCH,
    stretch=20.0,
    rest=180.0,  # the artificial pulse goes through the beats, so that no two of them are ever quite alike
    targets={
        "one_patient_realtime_factor": (">=", 1000),
        "cohort_patient_seconds_per_cpu_second": (">=", 6000),
        "compile_cold_s": ("<=", 0.5),
        "compile_warm_s": ("<=", 0.02),
        "settle_s": ("<=", 0.5),
        "max_relative_error": ("<=", 1e-6),
    },
)


def _ventilated(body: Any) -> Any:
    from proband import devices
    from proband.units import min_, mL, s

    # As Crit Care 2022 s13054-022-04085-y; slower breaths let carbon dioxide rise for an hour, and heart and vessels with it.
    settings = {"mode": "VC-CMV", "tidal_volume": 500 * mL, "set_rate": 22 / min_, "inspiratory_time": 1.1 * s}
    ventilator = devices.load("ventilator")(body.airway, body.room, **settings, pleura=body.pleura.pressure)
    return body.attach(ventilator=ventilator).with_values({"mouth.open": 0.0})


BREATH = Subject(
    patient="ards_moderate",
    device="ventilator",
    attached=_ventilated,
    varied="left_ventricle.E_max",
    watch=WATCH,
    stretch=60.0,
    rest=60.0,
    targets={
        "one_patient_realtime_factor": (">=", 400),
        "cohort_patient_seconds_per_cpu_second": (">=", 2500),
        "max_relative_error": ("<=", 1e-6),
    },
)
SUBJECTS = {"heart": HEART, "breath": BREATH}


def supported() -> Any:
    """The body of the heart's benchmark."""
    from proband import patients

    return HEART.attached(patients.load(HEART.patient))


def best(action: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Least processor time of this thread that the action took, in s."""
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        action()
        times.append(time.thread_time() - start)
    return min(times)


def measure(subject: Subject = HEART, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Every number of the benchmark of a subject."""
    from proband.engine import Engine
    from proband.engine.accuracy import relative_error
    from proband.engine.explicit import asked_by
    from proband.engine.settling import settle
    from proband.patients import load
    from proband.units import s

    body, watch = subject.attached(load(subject.patient)), subject.watch
    usual = _usual(body, subject.varied)
    result: dict[str, Any] = {"load_before": busy.load()}
    if said := busy.warning(result["load_before"]):
        say(said)

    say("compiling …")
    options: dict[str, Any] = {"observe": watch, "method": asked_by(body), "lanes": 1, "threads": 1}
    # From the trace on: a living body keeps its trace, so each time it is another, equal body.
    bodies = iter([subject.attached(load(subject.patient)) for _ in range(10)])
    result["compile_cold_s"] = best(lambda: Engine(next(bodies), **options).compile(1, fresh=True), 3)
    result["compile_warm_s"] = best(lambda: Engine(next(bodies), **options).compile(1), 7)

    say("one patient …")
    engine = Engine(body, observe=watch, lanes=1, threads=1)
    run = engine.start(1)
    run.advance(subject.rest * s)
    rest = run.snapshot()
    result["one_patient_realtime_factor"] = 20.0 / best(lambda: run.advance(20 * s))

    say("a new patient …")
    alone = body if load(subject.patient).substances else load(subject.patient)  # who breathes needs the ventilator
    ward = Engine(alone, observe=watch, lanes=1, threads=1)
    values = {subject.varied: np.array([1.1 * usual])}
    result["settle_s"] = best(lambda: settle(ward.start(1, values=values), watch, subject.stretch * s), 3)

    say("a cohort of 4,096 …")
    crowd = Engine(body, observe=watch, threads=1)
    many = crowd.start(4096, values={subject.varied: usual * np.linspace(0.8, 1.2, 4096)})
    many.advance(0.2 * s)
    result["cohort_patient_seconds_per_cpu_second"] = 4096 / best(lambda: many.advance(1 * s))

    say("exactness …")
    errors = relative_error(engine, rest, seconds=10.0)
    result["max_relative_error"] = max(errors.values())
    result["largest_error_of"] = max(errors, key=lambda n: errors[n])

    say("SciPy's LSODA …")
    result["lsoda_realtime_factor"] = _lsoda(engine, rest)
    told = crowd.describe()
    result |= {
        key: told[key]
        for key in ("states", "operations", "operations_by_group", "lanes", "method", "cpu", "llvmlite", "step_ms")
    }
    result |= {"patient": subject.patient, "device": subject.device, "target": engine.target}
    return result


def _usual(body: Any, name: str) -> float:
    """A row's value in its own unit."""
    _, row = body.row(name)
    return body.value(name).to(row.unit)


def _lsoda(engine: Any, rest: Any) -> float:
    """The same right-hand side as plain Python in SciPy, for most of a beat between two excitations."""
    from scipy.integrate import solve_ivp

    from proband.units import s

    run = engine.start(1, snapshot=rest)
    run.advance(0.05 * s)
    column = run.data[0, :, 0].astype(float).tolist()
    interpreter = engine.interpreter
    interpreter.keep(column, 1, 2, 3)
    x = np.array(column[: len(engine.program.states)])
    span = 0.4
    scale = 1e-7 * np.maximum(np.abs(x), 1e-9)

    def solve() -> None:
        solve_ivp(
            lambda t, y: interpreter.derivative(column, y.tolist(), t),
            (0, span),
            x,
            method="LSODA",
            rtol=1e-6,
            atol=scale,
        )

    return span / best(solve, 3)


def main(json: bool = False, what: str = "heart") -> int:
    """Measure and print: one JSON document, or a table with each target beside its number."""
    import json as encoder

    subject = SUBJECTS[what]
    result = measure(subject, lambda text: print(f"  {text}", file=sys.stderr))
    if json:
        print(encoder.dumps(result, indent=1))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"{subject.patient} with {subject.device}: {result['states']} states, {result['operations']} operations"
    )
    for heading in ("quantity", "measured", "target"):
        table.add_column(heading, justify="left" if heading == "quantity" else "right")
    for key, value in result.items():
        if isinstance(value, (int, float)):
            sign, bound = subject.targets.get(key, ("", 0.0))
            met = not sign or (value >= bound if sign == ">=" else value <= bound)
            style = "" if met else "[red]"
            table.add_row(key, f"{style}{value:.4g}", f"{sign} {bound}" if sign else "")
    Console().print(table)
    return 0
