"""A mock loop: a pump between two reservoirs, with a throttle that holds the flow where it is wanted."""

from __future__ import annotations

from collections.abc import Callable

from proband.model import *
from proband.units import *


@compartment
def reservoir(
    volume = state(2000.0, mL,  "fluid in the reservoir"),
    held   = reads(mmHg, "pressure that is held", otherwise=10.0),
):  # fmt: skip
    """A wide tank whose air keeps the pressure, whatever flows in or out."""
    return gives(pressure=held, transmural=(held, mmHg, "wall pressure, inside minus outside"))


@path
def overflow(
    p_in   = end(mmHg,  "in the outlet reservoir"),
    p_out  = end(mmHg,  "in the inlet reservoir"),
    pumped = reads(L_min, "through the pump"),
):  # fmt: skip
    """What the pump lifts runs back, so that neither reservoir empties."""
    return gives(flow=pumped)


@controller(period=2 * ms)
def throttle(
    flow     = reads(L_min, "through the pump"),
    wanted   = command(5.0, L_min, "flow that is imposed"),
    pressure = memory(80.0, mmHg, "held in the outlet reservoir; may be negative"),
    integral = memory(80.0, mmHg, "what the regulator has learned"),
    K_p = param(5.0,   mmHg / L_min,       "proportional gain", "assumed: settles the stiffest pump here within 2 s"),
    K_i = param(150.0, mmHg / (L_min * s), "integral gain",     "assumed: settles the stiffest pump here within 2 s"),
):  # fmt: skip
    """Raises the pressure behind the pump until no more than the wanted flow comes through."""
    excess = flow - wanted
    learned = integral + K_i * excess * (2 * ms)
    return gives(next_pressure=learned + K_p * excess, next_integral=learned)


@signal
def beating_inlet(
    phase    = state(0.0, one, "of the beat, counted in beats"),
    lowest   = param(8.0,  mmHg,    "inlet pressure in diastole", "setting of the bench"),
    highest  = command(80.0, mmHg,  "inlet pressure at the peak of systole"),
    beats    = param(70.0, per_min, "beats per minute", "setting of the bench"),
    systole  = param(0.40, one,     "share of the beat", "assumed: 0.34 s at 70/min"),
):  # fmt: skip
    """A ventricle as the inlet sees it: a squared half sine in systole, flat in diastole."""
    x = wrapped(phase, 1.0)
    rise = sin(3.141592653589793 * minimum(x / systole, 1.0))
    return gives(d_phase=beats, pressure=(lowest + (highest - lowest) * rise * rise, mmHg, "in the inlet reservoir"))


Device = Callable[..., Assembly]


def mock_loop(device: Device, *, inlet_pressure: Quantity = 10 * mmHg, **settings) -> Body:
    """The pump under test between two reservoirs. The flow is imposed by `throttle.wanted`; the device is `pump`."""
    return Body(
        inlet=reservoir(held=inlet_pressure),
        outlet=reservoir(held="throttle.pressure"),
        throttle=throttle(flow="pump.flow"),
        overflow=overflow("outlet", "inlet", pumped="pump.flow"),
        pump=device("inlet", "outlet", **settings),
    )


def dynamic_loop(
    device: Device,
    *,
    outlet_pressure: Quantity = 80 * mmHg,
    peak: Quantity = 80 * mmHg,
    rest: Quantity = 8 * mmHg,
    beats: Quantity = 70 * per_min,
    **settings,
) -> Body:
    """The pump with an inlet pressure that beats, `rest` to `peak`, against a constant outlet pressure."""
    return Body(
        ventricle=beating_inlet(lowest=rest, highest=peak, beats=beats),
        inlet=reservoir(held="ventricle.pressure"),
        outlet=reservoir(held=outlet_pressure),
        overflow=overflow("outlet", "inlet", pumped="pump.flow"),
        pump=device("inlet", "outlet", **settings),
    )
