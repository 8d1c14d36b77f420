"""A meter at the mouth that counts a tracer gas as it is washed out of the lungs, breath by breath."""

from proband.model import *
from proband.units import *

dt = 20 * ms


@controller(period=20 * ms)
def washout(
    tracer = reads(mmol/L, "concentration at the mouth"),
    flow   = reads(mL_s,   "into the patient"),
    start  = command(0.0, one, "1: the washout begins, from what is at the mouth", low=0, high=1),
    end    = param(0.025, one, "share of the first concentration at which the washout is over", "Robinson 2013 consensus: a fortieth", low=0.001, high=0.5),
    begun     = memory(0.0, one, "1 once the washout has begun"),
    first     = memory(0.0, mmol/L, "concentration as it began"),
    last      = memory(0.0, mmol/L, "at the end of the last expiration"),
    expiring  = memory(0.0, one, "1 while gas comes out"),
    above     = memory(0.0, mL, "gas in the lungs above that at the end of the last expiration"),
    surplus   = memory(0.0, mL, "that, as the washout began"),
    given     = memory(0.0, mmol, "tracer that has come out"),
    breathed  = memory(0.0, mL, "gas that has come out"),
    over      = memory(0.0, one, "1 once the washout is over"),
    capacity  = memory(0.0, mL, "lung volume at the end of expiration, by the tracer"),
    clearance = memory(0.0, one, "lung volumes that were breathed until the end"),
):  # fmt: skip
    """FRC = tracer that came out / (first − last concentration), less what had been breathed in as the gas was changed; the
    lung clearance index counts how many of these were breathed until a fortieth was left (Robinson 2013). What never comes
    to the mouth is not seen: trapped gas."""
    if start > 0.5 and begun < 0.5:
        first = tracer
        last = tracer
        surplus = above
        given = 0 * mmol
        breathed = 0 * mL
        over = 0.0
    begun = 1.0 if start > 0.5 else 0.0
    out = maximum(-flow, 0 * mL_s) * dt
    given = given + out * tracer
    breathed = breathed + out
    ends = expiring > 0.5 and flow > 0 * mL_s
    expiring = 1.0 if flow < 0 * mL_s else 0.0
    above = flow * dt if ends else above + flow * dt
    if ends and over < 0.5 and begun > 0.5:
        capacity = given / maximum(first - last, 1e-9 * mmol / L) - surplus
        clearance = breathed / maximum(capacity, 1 * mL)
        over = 1.0 if last <= end * first and first > 0 * mmol / L else 0.0
    if expiring > 0.5:
        last = tracer
    return gives(
        next_begun=begun,
        next_first=first,
        next_last=last,
        next_expiring=expiring,
        next_above=above,
        next_surplus=surplus,
        next_given=given,
        next_breathed=breathed,
        next_over=over,
        next_capacity=capacity,
        next_clearance=clearance,
    )


def washout_meter(mouth, room, *, flow: str = "mouth.flow", start: float = 0.0) -> Assembly:
    """Lung volume and clearance index from a tracer gas, at a patient's mouth.

    `mouth` is where it draws gas from, `room` where that is let out to, `flow` the signal of the way between them, into
    the patient. The body carries a substance `tracer`."""
    return Assembly(
        parts={"meter": washout(tracer=f"{mouth}.tracer_concentration", flow=flow, start=start)},
        tells={
            name: f".meter.{name}" for name in ("start", "capacity", "clearance", "over", "last", "first", "breathed")
        },
    )
