"""Type tests on a bench: finds the test, reads its options, runs it on the engine and prints what it measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proband.model import did_you_mean
from proband.trials.library import Library
from proband.trials.refusal import Refused
from proband.units import UnitError, parse_quantity, rpm

TESTS = {
    "pump-curve": "head against flow at several speeds, across the pump alone, flow imposed on a mock loop",
    "dynamic-loop": "flow and head of a pump whose inlet pressure beats, over the last beats",
    "ventilator": "the 42 volume- and pressure-control cases of ISO 80601-2-12 on a test lung",
    "oxygenator": "transfer of O2 and CO2 over blood flow at the inlet conditions of ISO 7199, sweep as much as blood",
    "ecmo-pump": "head against flow of a centrifugal pump, backflow included, and its zero-flow speed against 70 mmHg",
    "mr": "image quality after the ACR and NEMA measures, on the ACR-like phantom at 3 T and at 5 T",
}

TAKES = {  # the options of each, besides --json
    "pump-curve": ("device", "speeds", "flows"),
    "dynamic-loop": ("device", "speeds"),
    "ventilator": ("device",),
    "oxygenator": ("device", "flows"),
    "ecmo-pump": ("device", "speeds", "flows"),
    "mr": (),
}
LOOP = ("flow", "head", "power", "estimated_flow")  # what the dynamic loop shows of a pump
EXAMPLE = {"--device": "heartmate3", "--speeds": "5000,6000", "--flows": "0,2,4"}
HELP = f"""\
Usage: proband test NAME --device DEVICE --speeds LIST [--flows LIST] [--json]
       proband test dynamic-loop --device DEVICE --speeds LIST [--json]
       proband test ventilator [--device DEVICE] [--json]
       proband test oxygenator [--device MAKE] [--flows LIST] [--json]
       proband test ecmo-pump [--device MAKE] [--speeds LIST] [--flows LIST] [--json]
       proband test mr [--json]

Run a type test on a bench instead of a patient.

{chr(10).join(f"  {name:<14} {meaning}" for name, meaning in TESTS.items())}

  --device       a device of `proband list devices` (ventilator: itself, where nothing is said)
                 oxygenator: a make, as in quadrox_i_adult; ecmo-pump: rotaflow, dp3 or generic
  --speeds       in rpm, as in 5000,6000
  --flows        in L/min, as in 0,2,4; left out, for pump-curve 0 to 12 in steps of 0.5
  --json         one JSON document on standard output, all else on standard error
"""


def test(name: str, arguments: Sequence[str], speak: Any) -> int:
    """`proband test NAME --device … --speeds …`."""
    if name not in TESTS:
        raise Refused(f"there is no test {name!r}{did_you_mean(name, TESTS)}; there are {', '.join(TESTS)}.")
    options = _options(arguments)
    for other in options:
        if other not in TAKES[name]:
            takes = ", ".join(f"--{option}" for option in TAKES[name])
            raise Refused(
                f"the test {name} takes no --{other}; it takes {f'{takes} and --json' if takes else '--json alone'}."
            )
    if name == "mr":
        from proband.cli import scanning

        return scanning.image_quality(options, speak)
    if name == "ventilator":
        return _ventilator(options, speak)
    if name in ("oxygenator", "ecmo-pump"):
        return _ecmo(name, options, speak)
    needed = ("flow", "head", "speed") if name == "pump-curve" else (*LOOP, "speed")
    device = _pump(options.get("device", "") or _missing("--device"), needed)
    speeds = _numbers(options.get("speeds") or _missing("--speeds"), "--speeds", rpm)
    if name == "pump-curve":
        rows = _curve(device, speeds, options)
    else:
        rows = _loop(device, speeds)
    speak.document(rows)
    if not speak.as_json:
        _table(rows)
    return 0


def _pump(name: str, needed: Sequence[str]) -> Any:
    """A device that can stand on a mock loop and tells what is needed there. Raises Refused for any other."""
    from proband.benches import mock_loop
    from proband.model import ModelError

    device = Library().find_device(name)
    try:
        told = set(mock_loop(device).aliases)
    except (TypeError, ValueError, ModelError):
        told = set()
    if name == "ecmo" or not told.issuperset(f"pump.{quantity}" for quantity in needed):
        other = "; its pump is tested by `proband test ecmo-pump`" if name == "ecmo" else ""
        raise Refused(f"{name!r} is no blood pump that can stand between the two reservoirs of a mock loop{other}.")
    return device


def _curve(device: Any, speeds: list[float], options: dict[str, str]) -> list[Any]:
    from proband.benches import pump_curve, side_by_side
    from proband.engine import Engine

    flows = _numbers(options["flows"], "--flows", None) if "flows" in options else None
    return [dict(p) for p in pump_curve(device, speeds, flows, run=side_by_side(Engine))]


def _ecmo(name: str, options: dict[str, str], speak: Any) -> int:
    """An oxygenator at ISO 7199 inlet conditions, or the chart of a centrifugal pump."""
    from proband.benches import side_by_side
    from proband.benches.ecmo_pump import FLOWS as PUMPED
    from proband.benches.ecmo_pump import ecmo_pump_curve, zero_flow_speed
    from proband.benches.oxygenator_rig import FLOWS, oxygenator_test, rated_flow
    from proband.devices.ecmo import ecmo
    from proband.devices.ecmo.pumps import pump_of
    from proband.engine import Engine

    run, make = side_by_side(Engine), options.get("device", "ecmo")
    flows = _numbers(options["flows"], "--flows", None) if "flows" in options else None
    if name == "oxygenator":
        make = "quadrox_i_adult" if make == "ecmo" else make
        rows: list[Any] = [dict(p) for p in oxygenator_test(ecmo, flows or FLOWS, run=run, oxygenator=make)]
        said = {"device": make, "rated_flow_L_min": rated_flow(rows)}
    else:
        pump = pump_of("rotaflow" if make == "ecmo" else make)
        top = pump.top
        speeds = (
            _numbers(options["speeds"], "--speeds", rpm) if "speeds" in options else [0.3 * top, 0.6 * top, 0.9 * top]
        )
        rows = [dict(p) for p in ecmo_pump_curve(pump.component, speeds, flows or PUMPED, run=run)]
        said = {"device": pump.name, "zero_flow_speed_rpm": zero_flow_speed(pump.component)}
    speak.document({**said, "points": rows})
    if not speak.as_json:
        _table(rows)
        print("\n" + "\n".join(f"{key}: {_said(value)}" for key, value in said.items()))
    return 0


def _said(value: Any) -> str:
    return "not reached at these flows" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _loop(device: Any, speeds: list[float]) -> list[dict[str, float]]:
    from proband.benches import dynamic_loop
    from proband.engine import Engine
    from proband.units import ms, s

    body = dynamic_loop(device)
    names = [f"pump.{quantity}" for quantity in LOOP]
    run = Engine(body, observe=names).start(patients=len(speeds))
    run.command("pump.speed", speeds)
    if "pump.mode" in body.aliases:
        run.command("pump.mode", [0.0] * len(speeds))
    run.advance(10 * s)
    run.record(every=10 * ms, names=names)
    run.advance(2 * s)
    traces = run.traces()
    return [
        {"speed_rpm": n, "time_s": float(t - traces["time"][0]), "flow_L_min": float(traces[names[0]][i, k]), "head_mmHg": float(traces[names[1]][i, k]),
         "power_W": float(traces[names[2]][i, k]), "estimated_flow_L_min": float(traces[names[3]][i, k])}
        for i, n in enumerate(speeds)
        for k, t in enumerate(traces["time"])
    ]  # fmt: skip


def _ventilator(options: dict[str, str], speak: Any) -> int:
    from proband.benches.ventilator_cases import SOURCE, accuracies, lines, run_cases
    from proband.engine import Engine

    name = options.get("device", "ventilator")
    device = Library().find_device(name)
    try:
        device("lung", size="adult")
    except (TypeError, ValueError):
        raise Refused(f"{name!r} is no ventilator that can stand on a test lung by one place and a size.") from None
    outcomes = run_cases(device, Engine)
    failed = [o["case"] for o in outcomes if not o["passed"] and not o["uncertain"]]
    speak.document({"cases": outcomes, "accuracy": accuracies(outcomes), "source": SOURCE})
    if not speak.as_json:
        print("\n".join(lines(outcomes)))
    return 1 if failed else 0


def _options(arguments: Sequence[str]) -> dict[str, str]:
    known = ("device", "speeds", "flows")
    found: dict[str, str] = {}
    words = [w for w in arguments if w != "--json"]
    while words:
        word = words.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in known:
            raise Refused(
                f"{word!r} is no option of a test{did_you_mean(name, known)}; there are --{', --'.join(known)} and --json."
            )
        if not equals:
            if not words or words[0].startswith("--"):
                raise Refused(f"--{name} needs a value.")
            value = words.pop(0)
        found[name] = value
    return found


def _missing(option: str) -> str:
    raise Refused(f"{option} is missing; write it as in {option} {EXAMPLE[option]}.")


def _numbers(text: str, option: str, unit: Any) -> list[float]:
    """`5000,6000` or `5000 rpm,6000 rpm`."""
    numbers = []
    for word in text.split(","):
        try:
            quantity = parse_quantity(word)
            numbers.append(quantity.to(unit) if unit is not None and any(quantity.dimension) else float(word))
        except (UnitError, ValueError):
            raise Refused(
                f"{option} has {word!r}, which is no number; write it as in {option} {EXAMPLE[option]}."
            ) from None
    return numbers


def _table(rows: list[dict[str, float]]) -> None:
    widths = {key: max(len(key), 9) for key in rows[0]}
    print("  ".join(f"{key:>{width}}" for key, width in widths.items()))
    for row in rows:
        # What a regulator leaves of a flow of zero is shown as zero.
        print("  ".join(f"{row[key] if abs(row[key]) > 1e-9 else 0:>{width}.4g}" for key, width in widths.items()))
