"""Head over flow at several speeds, as a data sheet shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from proband.benches.lanes import Runner, check_held
from proband.benches.mock_loop import Device, mock_loop
from proband.units import L_min, Quantity, W, mmHg, s

MEASURED = {
    "flow_measured_L_min": "pump.flow",
    "head_mmHg": "pump.head",
    "power_W": "pump.power",
    "torque_mNm": "pump.torque",
    "current_A": "pump.current",
    "estimated_flow_L_min": "pump.estimated_flow",
    "rotor_speed_rpm": "pump.rotor_speed",
}


class CurvePoint(TypedDict, total=False):
    """One point of the chart; the head is that across the pump alone, and may be negative. What a device does not
    tell is missing."""

    speed_rpm: float
    flow_L_min: float
    head_mmHg: float
    flow_measured_L_min: float
    power_W: float
    torque_mNm: float
    current_A: float
    estimated_flow_L_min: float
    rotor_speed_rpm: float
    efficiency: float


def steps(most: float = 12.0, step: float = 0.5) -> list[float]:
    """Flows from zero to `most`, in L/min, in equal steps of at most `step`."""
    count = max(1, -int(-most // step))
    return [most * i / count for i in range(count + 1)]


def pump_curve(
    device: Device,
    speeds: Sequence[float],
    flows: Sequence[float] | None = None,
    *,
    run: Runner,
    settle: Quantity = 8 * s,
    measure: Quantity = 1 * s,
    **settings: Any,
) -> list[CurvePoint]:
    """The chart of a pump: `speeds` in rpm, `flows` in L/min (0 to 12 in steps of 0.5 where none are given).

    The pump turns at constant speed. Raises ModelError where the loop could not hold a wanted flow."""
    flows = steps() if flows is None else list(flows)
    lanes = [(speed, flow) for speed in speeds for flow in flows]
    body = mock_loop(device, **settings)
    tells = {name: full for name, full in MEASURED.items() if full in body.aliases}
    commands: dict[str, list[float]] = {"pump.speed": [n for n, _ in lanes], "throttle.wanted": [q for _, q in lanes]}
    if "pump.mode" in body.aliases:
        commands["pump.mode"] = [0.0] * len(lanes)
    means = run(body, commands, list(tells.values()), settle, measure)
    points: list[CurvePoint] = []
    for i, (speed, flow) in enumerate(lanes):
        told = {name: float(means[full][i]) for name, full in tells.items()}
        check_held(flow, told["flow_measured_L_min"], 0.02, "mock loop", speed)
        if told.get("power_W"):
            told["efficiency"] = (told["head_mmHg"] * mmHg * (flow * L_min)).to(W) / told["power_W"]
        points.append(CurvePoint(speed_rpm=float(speed), flow_L_min=float(flow), **told))  # type: ignore[typeddict-item]
    return points
