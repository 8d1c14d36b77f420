"""A bellows that breathes for the lungs: a set flow or a set pressure in inspiration, a resistance and PEEP in expiration."""

from proband.engine import Engine
from proband.laws.gas import MOLAR_VOLUME
from proband.model import *
from proband.units import *


@controller(period=2 * ms)
def pump(
    rate   = command(0.0,   per_min, "breaths; 0 holds the baseline"),
    volume = command(500.0, mL,      "tidal volume, pushed at constant flow"),
    above  = command(0.0,   cmH2O,   "inspiratory pressure above PEEP, in place of a volume where it is not 0"),
    PEEP   = command(0.0,   cmH2O,   "baseline"),
    share  = command(1 / 3, one,     "of a breath that is inspiration"),
    pause  = command(0.0,   one,     "share of inspiration without flow"),
    slope  = command(0.0,   cmH2O/s, "by which the baseline rises"),
    phase  = memory(0.0,    one,     "in the breath"),
    risen  = memory(0.0,    cmH2O,   "of the baseline so far"),
    breaths = memory(0.0,   one,     "so far"),
):  # fmt: skip
    """One phase, one clock."""
    phase = phase + rate * (2 * ms)
    if phase >= 1:
        phase = phase - 1
        breaths = breaths + 1
    inspires = rate > 0 / min_ and phase < share
    by_flow = inspires and above <= 0 * cmH2O
    pushes = phase < share * (1 - pause)
    return gives(
        next_phase=phase,
        next_breaths=breaths,
        next_risen=risen + slope * (2 * ms),
        pushed=(volume * rate / (share * (1 - pause)) if by_flow and pushes else 0 * mL / s, mL / s, "set flow"),
        by_flow=(1.0 if by_flow else 0.0, one, "1 while the flow is set"),
        pressure=(PEEP + risen + (above if inspires else 0 * cmH2O), cmH2O, "set pressure"),
    )  # fmt: skip


@compartment
def supply(
    volume = state(1e9, mL, "gas in store"),
    set_   = reads(cmH2O, "set pressure"),
):  # fmt: skip
    """A store that keeps the set pressure."""
    return gives(pressure=set_ * (volume / volume), molar_volume=(MOLAR_VOLUME, mL / mmol, "of its gas"))


@compartment
def linear_lung(
    volume = state(100.0, mL, "gas in the lung"),
    C = param(59.0, mL/cmH2O, "compliance", "definition", low=0),
):  # fmt: skip
    """A lung with one compliance."""
    return gives(pressure=volume / C, molar_volume=(MOLAR_VOLUME, mL / mmol, "of its gas"))


@path
def hose(
    p_in    = end(cmH2O, "in the store"),
    p_out   = end(cmH2O, "at the airway opening"),
    pushed  = reads(mL/s, "set flow"),
    by_flow = reads(one, "1 while the flow is set"),
    R = param(2.0, cmH2O*s/L, "resistance", "assumed: a test"),
):  # fmt: skip
    """The set flow, or what the pressures drive."""
    return gives(flow=pushed + (1 - by_flow) * (p_in - p_out) / R)


def ventilated(body, place="airway", R=2.0 * cmH2O * s / L):
    """The body with the bellows at its airway; a patient's mouth is shut around it."""
    body = body.attach(
        pump=pump(),
        supply=supply(set_="pump.pressure"),
        hose=hose("supply", place, pushed="pump.pushed", by_flow="pump.by_flow", R=R),
    )
    return body.with_values({"mouth.open": 0}) if "mouth" in body.parts else body


def engine(body, *observe):
    return Engine(body, observe=list(observe))
