"""Atrial fibrillation: no atrial contraction, and ventricular beats at random."""

from proband.model import *
from proband.organs.heart.timing import bazett
from proband.units import *


@controller(period=1 * ms)
def atrial_fibrillation(
    asked       = reads(s, "mean beat-to-beat interval the nerves ask for", otherwise=0.75),
    ventricular = memory(0.6,  s,   "time since the ventricles were excited"),
    interval    = memory(0.75, s,   "interval of the present beat"),
    beats       = memory(0.0,  one, "ventricular beats so far"),
    spread      = param(0.22, one, "standard deviation over mean of the intervals", "assumed: 20–25 % at rest in atrial fibrillation", low=0, high=0.5),
    T_v         = param(0.30, s, "time to the ventricles' peak elastance, at 60/min", "Heldt 2004: 0.3 √RR"),
    shortest    = param(0.38, s, "refractory time of the AV node", "assumed: rarely faster than 160/min at rest"),
):  # fmt: skip
    """Each interval is drawn anew, from a uniform distribution of the given spread."""
    tick = 1 * ms
    # A uniform distribution from 1 − a to 1 + a has the standard deviation a/√3.
    drawn = asked * (1 + 1.7320508 * spread * (2 * random_uniform() - 1))
    fires = ventricular >= interval
    if fires:
        ventricular = ventricular - interval
        interval = maximum(drawn, shortest)
        beats = beats + 1
    scale = bazett(interval)
    return gives(
        next_ventricular=ventricular + tick,
        next_interval=interval,
        next_beats=beats,
        atrial_clock=(0 * s, s, "the atria never contract together"),
        ventricular_clock=ramp(ventricular, 1.0, s, "time since the ventricles were excited"),
        atrial_pace=(0 * Hz, Hz, "the atria never contract together"),
        ventricular_pace=(1 / (T_v * scale), Hz, "one over the time to the ventricles' peak"),
        beat=event(fires, "ventricles excited"),
        count=(beats, one, "ventricular beats so far"),
        heart_rate=(1 / interval, per_min, "of the present beat"),
    )
