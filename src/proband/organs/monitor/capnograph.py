"""Carbon dioxide at the airway, and what a monitor reads from its curve."""

from proband.model import *
from proband.units import *

dt = 20 * ms


@controller(period=20 * ms)
def capnograph(
    PCO2    = reads(mmHg, "partial pressure at the airway"),
    tau     = param(0.08, s, "rise time of the sensor over 2.2", "assumed: mainstream sensors rise within 0.2 s"),
    share   = param(0.4, one, "of the swing between inspired and expired gas, over which a breath is told", "assumed: near its middle, where the curve is steepest"),
    least   = param(4.0, mmHg, "swing below which no breath is told", "assumed: twice what the heart's beats move"),
    forgets = param(10.0, s, "time constant in which a swing that does not come back is forgotten", "assumed: some breaths"),
    longest = param(20.0, s, "without a breath for so long, there is apnoea", "assumed: usual setting of monitors"),
    sensed  = memory(0.0, mmHg, "what the sensor shows"),
    expiring = memory(0.0, one, "1 from the upstroke to the downstroke"),
    peak    = memory(0.0, mmHg, "highest in this expiration"),
    last    = memory(38.0, mmHg, "end-tidal of the last breath"),
    bottom  = memory(0.0, mmHg, "lowest in this inspiration"),
    inspired = memory(0.0, mmHg, "lowest of the last inspiration"),
    swing   = memory(38.0, mmHg, "between inspired and expired gas"),
    time    = memory(0.0, s, "since the last upstroke"),
    interval = memory(4.0, s, "between the last two upstrokes"),
):  # fmt: skip
    """Phases after Bhavani-Shankar (1995): dead space, upstroke, plateau and inspiratory fall come with the gas; the
    monitor finds the breaths by how far the curve has risen or fallen, whatever there is in inspired gas, and shows the
    plateau's end."""
    sensed = sensed + (PCO2 - sensed) * dt / (tau + dt)
    peak = maximum(peak, sensed)
    bottom = minimum(bottom, sensed)
    step = share * maximum(swing, least)
    begins = expiring < 0.5 and sensed > bottom + step
    ends = expiring > 0.5 and sensed < peak - step
    time = time + dt
    swing = swing - swing * dt / forgets
    if ends:
        expiring = 0.0
        last = peak
        bottom = sensed
    if begins:
        expiring = 1.0
        interval = time
        time = 0 * s
        peak = sensed
        inspired = bottom
        swing = last - bottom
    return gives(
        next_sensed=sensed,
        next_expiring=expiring,
        next_peak=peak,
        next_last=last,
        next_bottom=bottom,
        next_inspired=inspired,
        next_swing=swing,
        next_time=time,
        next_interval=interval,
        CO2=(sensed, mmHg, "the capnogram"),
        end_tidal=(last, mmHg, "end-tidal PCO2"),
        respiratory_rate=(1 / maximum(interval, time), per_min, "breaths per minute, by the capnogram"),
        apnoea=alarm(time > longest, "high", "no breath in the capnogram"),
    )
