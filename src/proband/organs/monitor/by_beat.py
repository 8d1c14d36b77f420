"""Sums and extremes over each beat, from one ventricular excitation to the next.

Each part keeps running values, begins them anew with a beat, and tells those of the beat that is over. The first beat
after a start is cut short and not told. Sampled at 250 Hz, as bedside monitors are; the beats themselves at 500 Hz."""

from proband.model import *
from proband.units import *


@controller(period=2 * ms)
def rate_by_beat(
    count = reads(one, "ventricular beats so far"),
    seen  = memory(0.0,  one, "beats seen so far"),
    time  = memory(0.0,  s,   "since this beat began"),
    last  = memory(0.86, s,   "how long the last beat took"),
):  # fmt: skip
    """How fast the heart beats."""
    new = count > seen
    if new and seen > 0:
        last = time
    return gives(
        next_seen=count,
        next_time=where(new, 0 * s, time) + 2 * ms,
        next_last=last,
        heart_rate=(1 / last, per_min, "beats per minute"),
    )


@controller(period=4 * ms)
def pressure_by_beat(
    count    = reads(one,  "ventricular beats so far"),
    pressure = reads(mmHg, "the pressure that is watched"),
    seen   = memory(0.0,   one,    "beats seen so far"),
    time   = memory(0.0,   s,      "since this beat began"),
    top    = memory(-99.0, mmHg,   "highest in this beat"),
    bottom = memory(999.0, mmHg,   "lowest in this beat"),
    area   = memory(0.0,   mmHg*s, "summed over this beat"),
    systolic  = memory(0.0, mmHg, "highest in the last beat"),
    diastolic = memory(0.0, mmHg, "lowest in the last beat"),
    mean      = memory(0.0, mmHg, "mean of the last beat"),
):  # fmt: skip
    """Systolic, diastolic and mean pressure."""
    new = count > seen
    if new and seen > 0:
        systolic = top
        diastolic = bottom
        mean = area / time
    if new:
        time = 0 * s
        area = 0 * mmHg * s
        top = pressure
        bottom = pressure
    return gives(
        next_seen=count,
        next_time=time + 4 * ms,
        next_area=area + pressure * (4 * ms),
        next_top=maximum(top, pressure),
        next_bottom=minimum(bottom, pressure),
        next_systolic=systolic,
        next_diastolic=diastolic,
        next_mean=mean,
        pulse=(systolic - diastolic, mmHg, "systolic less diastolic pressure"),
    )


@controller(period=4 * ms)
def flow_by_beat(
    count = reads(one,  "ventricular beats so far"),
    a = reads(mL/s, "flow that is watched"),
    b = reads(mL/s, "one beside it", otherwise=0.0),
    c = reads(mL/s, "one beside it", otherwise=0.0),
    d = reads(mL/s, "one beside it", otherwise=0.0),
    e = reads(mL/s, "one beside it", otherwise=0.0),
    f = reads(mL/s, "one beside it", otherwise=0.0),
    g = reads(mL/s, "one beside it", otherwise=0.0),
    seen = memory(0.0, one, "beats seen so far"),
    time = memory(0.0, s,   "since this beat began"),
    sum_ = memory(0.0, mL,  "in this beat so far"),
    onward = memory(0.0, mL, "forward in this beat so far"),
    volume  = memory(0.0, mL,   "in the last beat, net"),
    forward = memory(0.0, mL,   "in the last beat, forward only"),
    mean    = memory(0.0, L_min, "over the last beat"),
):  # fmt: skip
    """What flowed in a beat, through one place or several together."""
    flow = a + b + c + d + e + f + g
    new = count > seen
    if new and seen > 0:
        volume = sum_
        forward = onward
        mean = sum_ / time
    if new:
        time = 0 * s
        sum_ = 0 * mL
        onward = 0 * mL
    return gives(
        next_seen=count,
        next_time=time + 4 * ms,
        next_sum_=sum_ + flow * (4 * ms),
        next_onward=onward + positive(flow) * (4 * ms),
        next_volume=volume,
        next_forward=forward,
        next_mean=mean,
    )


@controller(period=4 * ms)
def chamber_by_beat(
    count    = reads(one,  "ventricular beats so far"),
    pressure = reads(mmHg, "in the chamber"),
    volume   = reads(mL,   "in the chamber"),
    seen     = memory(0.0,   one,  "beats seen so far"),
    top      = memory(-99.0, mmHg, "highest pressure in this beat"),
    largest  = memory(0.0,   mL,   "largest volume in this beat"),
    smallest = memory(9999., mL,   "smallest volume in this beat"),
    systolic      = memory(0.0,   mmHg, "highest pressure in the last beat"),
    end_diastolic = memory(0.0,   mmHg, "pressure as this beat began"),
    EDV           = memory(150.0, mL,   "largest volume in the last beat"),
    ESV           = memory(60.0,  mL,   "smallest volume in the last beat"),
):  # fmt: skip
    """A ventricle's volumes and pressures."""
    new = count > seen
    if new and seen > 0:
        systolic = top
        EDV = largest
        ESV = smallest
    if new:
        end_diastolic = pressure
        top = pressure
        largest = volume
        smallest = volume
    return gives(
        next_seen=count,
        next_top=maximum(top, pressure),
        next_largest=maximum(largest, volume),
        next_smallest=minimum(smallest, volume),
        next_systolic=systolic,
        next_end_diastolic=end_diastolic,
        next_EDV=EDV,
        next_ESV=ESV,
        ejection_fraction=((EDV - ESV) / EDV, percent, "share of the largest volume"),
    )


@controller(period=4 * ms)
def opening_by_beat(
    count   = reads(one, "ventricular beats so far"),
    opening = reads(one, "of the valve"),
    seen  = memory(0.0, one, "beats seen so far"),
    time  = memory(0.0, s,   "since this beat began"),
    open_ = memory(0.0, s,   "open in this beat so far"),
    share = memory(0.3, percent, "of the last beat with the valve open"),
    from_ = param(0.1,  one, "opening from which a valve counts as open", "assumed: what an echo would show", low=0, high=1),
):  # fmt: skip
    """For how much of a beat a valve is open."""
    new = count > seen
    if new and seen > 0:
        share = open_ / time
    if new:
        time = 0 * s
        open_ = 0 * s
    return gives(
        next_seen=count,
        next_time=time + 4 * ms,
        next_open_=open_ + (4 * ms if opening > from_ else 0 * ms),
        next_share=share,
    )
