"""What a ventricle does, and what it needs for it."""

from proband.model import *
from proband.units import *


@controller(period=4 * ms)
def work_by_beat(
    count   = reads(one,  "ventricular beats so far"),
    across  = reads(mmHg, "pressure across the ventricle's wall"),
    stretch = reads(mL,   "volume beyond the rest volume"),
    volume  = reads(mL,   "in the ventricle"),
    seen     = memory(0.0,  one,     "beats seen so far"),
    time     = memory(0.0,  s,       "since this beat began"),
    before   = memory(-1.0, mL,      "volume at the last sample; below zero: none yet"),
    before_p = memory(0.0,  mmHg,    "pressure at the last sample"),
    work     = memory(0.0,  mmHg*mL, "done in this beat so far"),
    steepest = memory(0.0,  mmHg/mL, "highest pressure over stretch in this beat"),
    held     = memory(0.0,  mmHg*mL, "elastic energy at that moment"),
    SW       = memory(0.0,  mmHg*mL, "stroke work of the last beat"),
    PE       = memory(0.0,  mmHg*mL, "potential energy of the last beat"),
    MVO2     = memory(0.0,  mL_min,  "oxygen use over the last beat"),
    m  = param(1.5,    one,     "muscle, in units of 100 g", "textbook: some 150 g in the left ventricle", low=0),
    a  = param(1.8e-5, one/mmHg, "oxygen per pressure–volume area", "Suga 1979 (dogs): 1.8e-5 mL/(mmHg mL)", low=0),
    b  = param(0.014,  mL,      "oxygen per beat and 100 g without work", "Suga 1979 (dogs), order of magnitude", low=0),
    x_min = param(5.0, mL,      "stretch below which elastance is not judged", "assumed: keeps the ratio finite", low=0),
):  # fmt: skip
    """Stroke work ∮ p dV, potential energy p V / 2 at the steepest point, and oxygen after Suga: a PVA + b."""
    new = count > seen
    if new and seen > 0:
        SW = work
        PE = held
        MVO2 = (a * (work + held) + b * m) / time
    if new:
        time = 0 * s
        work = 0 * mmHg * mL
        steepest = 0 * mmHg / mL
    swept = (before - volume) if before >= 0 * mL else 0 * mL
    elastance = across / maximum(stretch, x_min)
    return gives(
        next_seen=count,
        next_time=time + 4 * ms,
        next_before=volume,
        next_before_p=across,
        next_work=work + 0.5 * (across + before_p) * swept,
        next_steepest=maximum(steepest, elastance),
        next_held=0.5 * across * stretch if elastance > steepest else held,
        next_SW=SW,
        next_PE=PE,
        next_MVO2=MVO2,
        PVA=(SW + PE, mmHg * mL, "pressure–volume area of the last beat"),
    )
