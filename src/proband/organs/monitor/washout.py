"""Multiple-breath washout of an inert gas: how large the lung is, and how evenly it is ventilated."""

from proband.model import *
from proband.units import *

dt = 20 * ms


@controller(period=20 * ms)
def washout(
    tracer = reads(mmol/L, "concentration at the mouth"),
    flow   = reads(mL_s,   "into the patient"),
    filled = command(0.0, mmol/L, "concentration with which the lung was filled; the washout begins as this rises from 0", low=0),
    end    = param(0.025, one, "share of the first concentration at which the washout is over", "Robinson 2013 consensus: a fortieth", low=0.001, high=0.5),
    first     = memory(0.0, mmol/L, "concentration before the washout"),
    last      = memory(0.0, mmol/L, "at the end of the last expiration"),
    expiring  = memory(0.0, one, "1 while gas comes out"),
    given     = memory(0.0, mmol, "tracer that has come out"),
    breathed  = memory(0.0, mL, "gas that has come out"),
    over      = memory(0.0, one, "1 once the washout is over"),
    capacity  = memory(0.0, mL, "lung volume by the tracer"),
    clearance = memory(0.0, one, "lung volumes that were breathed until the end"),
):  # fmt: skip
    """FRC = tracer that came out / (first − last concentration); the lung clearance index counts how many of these were
    breathed until a fortieth was left (Robinson 2013). What never comes to the mouth is not seen: trapped gas."""
    if filled > 0 * mmol / L and first <= 0 * mmol / L:
        last = filled
        given = 0 * mmol
        breathed = 0 * mL
        over = 0.0
    first = filled
    out = maximum(-flow, 0 * mL_s) * dt
    given = given + out * tracer
    breathed = breathed + out
    ends = expiring > 0.5 and flow > 0 * mL_s
    expiring = 1.0 if flow < 0 * mL_s else 0.0
    if ends and over < 0.5:
        capacity = given / maximum(first - last, 1e-9 * mmol / L)
        clearance = breathed / maximum(capacity, 1 * mL)
        over = 1.0 if last <= end * first and first > 0 * mmol / L else 0.0
    if expiring > 0.5:
        last = tracer
    return gives(
        next_first=first,
        next_last=last,
        next_expiring=expiring,
        next_given=given,
        next_breathed=breathed,
        next_over=over,
        next_capacity=capacity,
        next_clearance=clearance,
    )
