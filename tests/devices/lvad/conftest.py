"""The smallest patient a pump can be tried in: a failing left ventricle, its two valves, aorta, body and veins."""

import pytest

from proband.model import *
from proband.units import *


@signal
def clock(
    phase = state(0.0, one, "of the beat"),
    beats = param(80.0, per_min, "rate", "assumed: a test"),
):  # fmt: skip
    x = wrapped(phase, 1.0) / 0.4
    rise = sin(3.141592653589793 * minimum(x, 1.0))
    return gives(d_phase=beats, activation=(rise * rise, one, "share of full contraction"))


@signal
def stiff_septum(
    clock = reads(one, "anything: a signal must hear something", otherwise=0.0),
):  # fmt: skip
    return gives(bulge=(0 * clock * mL, mL, "volume by which it bulges to the right"))


@compartment
def chamber(
    volume     = state(180.0, mL, "blood"),
    activation = reads(one, "share of full contraction"),
    outside    = command(0.0, mmHg, "pressure in the chest", low=-100, high=100),
    E_max = param(0.8, mmHg / mL, "stiffness at full contraction", "assumed: a test"),
    V_0   = param(10.0, mL, "without stress", "assumed: a test"),
    p_s   = param(3.0, mmHg, "scale of filling", "assumed: a test"),
    V_s   = param(80.0, mL, "scale of filling", "assumed: a test"),
    pull  = param(0.4, mmHg / mL, "recoil below V_0", "assumed: a test"),
):  # fmt: skip
    over = volume - V_0
    passive = p_s * (exp(over / V_s) - 1) if over > 0 * mL else pull * over
    wall = passive + activation * E_max * over
    return gives(pressure=wall + outside, transmural=(wall, mmHg, "inside minus outside"))


@compartment
def vessel(
    volume  = state(600.0, mL, "blood"),
    outside = command(0.0, mmHg, "pressure in the chest", low=-100, high=100),
    C       = param(1.5, mL / mmHg, "compliance", "assumed: a test"),
    V_0     = param(480.0, mL, "without stress", "assumed: a test"),
):  # fmt: skip
    return gives(pressure=(volume - V_0) / C + outside, transmural=((volume - V_0) / C, mmHg, "inside minus outside"))


@path
def tube(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    R     = param(1.0, mmHg * s / mL, "resistance", "assumed: a test"),
):  # fmt: skip
    return gives(flow=(p_in - p_out) / R)


@path
def valve(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    R     = param(0.01, mmHg * s / mL, "when open", "assumed: a test"),
):  # fmt: skip
    return gives(flow=positive(p_in - p_out) / R)


@path
def drain(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    taken = command(0.0, mL / s, "blood that is taken"),
):  # fmt: skip
    return gives(flow=taken)


@pytest.fixture(scope="session")
def tiny_patient() -> Body:
    return Body(
        clock=clock(),
        left_ventricle=chamber(activation="clock.activation"),
        septum=stiff_septum(clock="clock.activation"),
        aorta=vessel(),
        veins=vessel(C=60 * mL / mmHg, V_0=2000 * mL, volume=2700 * mL),
        aortic_valve=valve("left_ventricle", "aorta"),
        mitral_valve=valve("veins", "left_ventricle", R=0.03 * mmHg * s / mL),
        body=tube("aorta", "veins"),
        bleed=drain("veins", "bag"),
        bag=vessel(C=100 * mL / mmHg, V_0=100 * mL, volume=100 * mL),
    )
