"""Head over flow of a centrifugal pump for ECMO, backflow included, and the speed at which it just holds a pressure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from proband.benches.lanes import Runner, check_held
from proband.benches.mock_loop import overflow, reservoir, throttle
from proband.laws.inverse import reached
from proband.model import *
from proband.units import *

FLOWS = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


class PumpPoint(TypedDict):
    """One point of the chart."""

    speed_rpm: float
    flow_L_min: float
    head_mmHg: float
    flow_measured_L_min: float
    hydraulic_power_W: float


@signal
def dial(
    speed = command(3000.0, rpm, "that the drive is told", low=-10000, high=10000),
):  # fmt: skip
    """A knob."""
    return gives(told=(speed, rpm, "that the drive is told"))


def pump_loop(pump: Component) -> Body:
    """The pump alone between two reservoirs: no tubing, no oxygenator. The flow is imposed by `throttle.wanted`."""
    return Body(
        inlet=reservoir(held=10 * mmHg),
        outlet=reservoir(held="throttle.pressure"),
        throttle=throttle(flow="pump.flow"),
        overflow=overflow("outlet", "inlet", pumped="pump.flow"),
        dial=dial(),
        pump=pump("inlet", "outlet", speed="dial.told", resistance=0 * mmHg / L_min, R_line=0 * mmHg / L_min**2),
    )


def ecmo_pump_curve(
    pump: Component,
    speeds: Sequence[float],
    flows: Sequence[float] = FLOWS,
    *,
    run: Runner,
    settle: Quantity = 12 * s,
    measure: Quantity = 1 * s,
) -> list[PumpPoint]:
    """The chart at `speeds` (rpm) and `flows` (L/min, negative ones run back). Raises ModelError where the loop could not
    hold a wanted flow."""
    lanes = [(speed, flow) for speed in speeds for flow in flows]
    commands = {"dial.speed": [n for n, _ in lanes], "throttle.wanted": [q for _, q in lanes]}
    names = ["pump.flow", "pump.head", "pump.hydraulic_power"]
    means = run(pump_loop(pump), commands, names, settle, measure)
    points: list[PumpPoint] = []
    for i, (speed, flow) in enumerate(lanes):
        measured, head, power = (float(means[name][i]) for name in names)
        check_held(flow, measured, 0.02, "loop", speed)
        points.append(
            PumpPoint(
                speed_rpm=float(speed), flow_L_min=float(flow), head_mmHg=head, flow_measured_L_min=measured,
                hydraulic_power_W=power,
            )
        )  # fmt: skip
    return points


def zero_flow_speed(pump: Component, against: Quantity = 70 * mmHg, most: float = 10000.0) -> float:
    """The speed (rpm) at which the pump just holds this pressure: below it blood runs back."""

    def head(speed: float) -> float:
        return pump.evaluate(p_in=0.0, p_out=0.0, flow=0.0, speed=speed, resistance=0.0, L_line=1e6)["head"]

    return reached(head, against.to(mmHg), 0.0, most)
