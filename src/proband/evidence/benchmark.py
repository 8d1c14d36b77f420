"""How fast and how exact: the full body with a left ventricular assist device, measured in one run.

Times are processor time of this thread, the best of several; what else the machine does raises them, never lowers."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

REPEATS = 7
PATIENT, DEVICE, SPEED_RPM = "hfref_severe", "heartmate3", 5400
WATCH = (
    "monitor.mean_arterial", "monitor.central_venous", "monitor.pulmonary_mean", "monitor.wedge",
    "monitor.cardiac_output", "monitor.left_end_diastolic_volume", "monitor.right_end_diastolic_volume",
)  # fmt: skip
TARGETS = {
    "one_patient_realtime_factor": (">=", 1000),
    "cohort_patient_seconds_per_cpu_second": (">=", 6000),
    "compile_cold_s": ("<=", 0.5),
    "compile_warm_s": ("<=", 0.02),
    "settle_s": ("<=", 0.5),
    "max_relative_error": ("<=", 1e-6),
}


def supported() -> Any:
    """The body that is measured."""
    from proband import devices, patients
    from proband.units import rpm

    body = patients.load(PATIENT)
    return body.attach(lvad=devices.load(DEVICE)(body.left_ventricle, body.aorta, speed=SPEED_RPM * rpm))


def best(action: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Least processor time of this thread that the action took, in s."""
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        action()
        times.append(time.thread_time() - start)
    return min(times)


def measure(say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Every number of the benchmark."""
    from proband.engine import Engine
    from proband.engine.accuracy import relative_error
    from proband.engine.settling import settle
    from proband.patients import load
    from proband.units import s

    body = supported()
    result: dict[str, Any] = {}

    say("compiling")
    options: dict[str, Any] = {"observe": WATCH, "method": "RK4", "lanes": 1, "threads": 1}
    result["compile_cold_s"] = best(lambda: Engine(body, **options).compile(1, fresh=True), 3)
    result["compile_warm_s"] = best(lambda: Engine(body, **options).compile(1))

    say("one patient")
    engine = Engine(body, observe=WATCH, lanes=1, threads=1)
    run = engine.start(1)
    run.advance(180 * s)  # the artificial pulse goes through the beats, so that no two of them are ever quite alike
    rest = run.snapshot()
    result["one_patient_realtime_factor"] = 20.0 / best(lambda: run.advance(20 * s))

    say("a new patient")

    ward = Engine(load(PATIENT), observe=WATCH, lanes=1, threads=1)
    values = {"left_ventricle.E_max": np.array([1.1 * _contractility(body)])}
    result["settle_s"] = best(lambda: settle(ward.start(1, values=values), WATCH), 3)

    say("a cohort of 4,096")
    crowd = Engine(body, observe=WATCH, threads=1)
    many = crowd.start(4096, values={"left_ventricle.E_max": _contractility(body) * np.linspace(0.8, 1.2, 4096)})
    many.advance(0.2 * s)
    result["cohort_patient_seconds_per_cpu_second"] = 4096 / best(lambda: many.advance(1 * s))

    say("exactness")
    errors = relative_error(engine, rest, seconds=10.0)
    result["max_relative_error"] = max(errors.values())
    result["largest_error_of"] = max(errors, key=lambda n: errors[n])

    say("SciPy's LSODA")
    result["lsoda_realtime_factor"] = _lsoda(engine, rest)
    told = crowd.describe()
    result |= {
        key: told[key]
        for key in ("states", "operations", "operations_by_group", "lanes", "method", "cpu", "llvmlite", "step_ms")
    }
    result |= {"patient": PATIENT, "device": DEVICE, "target": engine.target}
    return result


def _contractility(body: Any) -> float:
    from proband.units import mL, mmHg

    return body.value("left_ventricle.E_max").to(mmHg / mL)


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


def main(json: bool = False) -> int:
    """Measure and print: one JSON document, or a table with each target beside its number."""
    import json as encoder

    result = measure(lambda text: print(f"  {text} …", file=sys.stderr))
    if json:
        print(encoder.dumps(result, indent=1))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{PATIENT} with {DEVICE}: {result['states']} states, {result['operations']} operations")
    for heading in ("quantity", "measured", "target"):
        table.add_column(heading, justify="left" if heading == "quantity" else "right")
    for key, value in result.items():
        if isinstance(value, (int, float)):
            sign, bound = TARGETS.get(key, ("", ""))
            met = not sign or (value >= bound if sign == ">=" else value <= bound)
            style = "" if met else "[red]"
            table.add_row(key, f"{style}{value:.4g}", f"{sign} {bound}" if sign else "")
    Console().print(table)
    return 0
