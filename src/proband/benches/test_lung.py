"""A test lung: one compliance behind one resistance, and muscles that may pull."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proband.laws.gas import MOLAR_VOLUME
from proband.model import *
from proband.units import *


@compartment
def bellows(
    volume  = state(1000.0, mL, "gas in it, BTPS"),
    muscles = reads(cmH2O, "pressure of the respiratory muscles", otherwise=0.0),
    C       = param(50.0, mL / cmH2O, "compliance", "setting of the bench", low=0.1),
    V_0     = param(750.0, mL, "volume at the room's pressure", "setting of the bench", low=0),
):  # fmt: skip
    """p = (V − V_0)/C less what the muscles pull."""
    return gives(
        pressure=((volume - V_0) / C - muscles, cmH2O, "in the bellows"),
        recoil=((volume - V_0) / C, cmH2O, "elastic pressure"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@signal(period=5 * ms)
def muscles(
    volume   = reads(mL, "gas in the lung"),
    phase    = state(0.0, one, "of the rhythm, counted in breaths"),
    strength = command(0.0, cmH2O, "peak of the muscles' pressure", low=0, high=60),
    rate     = command(20.0, per_min, "of the rhythm, left to itself", low=1, high=120),
    neural_time = command(1.0, s, "from the beginning of an effort to its peak", low=0.1, high=5),
    entrained = command(0.0, one, "how strongly stretch resets the rhythm", low=0, high=5),
    stretch  = param(150.0, mL, "above rest at which stretch is felt", "setting of the bench"),
    V_rest   = param(1000.0, mL, "volume at rest", "setting of the bench"),
    relax    = param(0.3, one, "time of relaxation, in neural inspiratory times", "assumed: fast relaxation"),
):  # fmt: skip
    """A rising quarter sine, then relaxation. Stretch in the second half of the rhythm hastens the next effort, so that a rhythm
    which is a little slower than the ventilator falls into step with it (reverse triggering)."""
    x = wrapped(phase, 1.0)
    t = x / rate / neural_time
    half = 1.5707963267948966
    pull = sin(half * limited(t, 0.0, 1.0))
    fall = cos(half * limited((t - 1) / relax, 0.0, 1.0))
    felt = limited((volume - V_rest) / stretch, 0.0, 1.0)
    nudge = entrained * felt * positive(-sin(4 * half * x))
    return gives(d_phase=rate * (1 + nudge), pressure=(strength * pull * fall, cmH2O, "that the muscles pull with"))


FOLLOWS = 2 * ms  # within which flow through a bench's resistance follows pressure

Device = Callable[..., Assembly]


def test_lung(
    device: Device,
    *,
    C: Quantity = 50 * mL / cmH2O,
    R: Quantity = 5 * cmH2O * s / L,
    peep: Quantity = 5 * cmH2O,
    tube: bool = False,
    active: bool = False,
    **settings: Any,
) -> Body:
    """The device on a lung of compliance C behind a linear resistance R; the device is `ventilator`, the lung `lung`.

    With `tube` the tracheal tube's own loss comes first and R is added to its linear part; without it R is all there is, as
    a type test wants it, and so little gas before it that flow follows pressure within 2 ms. `active` lets muscles pull (`muscles.strength`)."""
    rest = 15 * C.si * 98.0665  # gas at the room's pressure: enough for any effort
    V_0 = Quantity(max(rest, 1e-5), (1 * mL).dimension, mL)
    full = V_0 + C * peep
    if active:
        settings.setdefault("effort", "muscles.pressure")
    body = Body(
        lung=bellows(C=C, V_0=V_0, volume=full, **({"muscles": "muscles.pressure"} if active else {})),
        **({"muscles": muscles(volume="lung.volume", V_rest=full)} if active else {}),
        ventilator=device("lung", peep=peep, **settings),
    )
    own = body.value("ventilator.tube.R1")
    lin, sq = (own + R, body.value("ventilator.tube.R2")) if tube else (R, 0 * body.value("ventilator.tube.R2"))
    weight = body.value("ventilator.tube.I") if tube else R * FOLLOWS
    set_here = {"ventilator.tube.R1": lin, "ventilator.tube.R2": sq, "ventilator.tube.I": weight}
    return body.with_values(set_here, why=dict.fromkeys(set_here, "setting of the bench"))


test_lung.__test__ = False  # type: ignore[attr-defined]  # a bench, not a test of pytest's
