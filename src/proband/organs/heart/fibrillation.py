"""Atrial fibrillation: no atrial contraction, and ventricular beats at random."""

from proband.model import *
from proband.organs.heart.restitution import strength
from proband.organs.heart.timing import TICK, bazett
from proband.units import *


@controller(period=TICK)
def atrial_fibrillation(
    asked       = reads(s, "mean beat-to-beat interval the nerves ask for", otherwise=0.75),
    ventricular = memory(0.6,  s,   "time since the ventricles were excited"),
    interval    = memory(0.75, s,   "interval that the present beat begins"),
    before      = memory(0.75, s,   "interval that it ended"),
    force       = memory(1.0,  one, "its elastance relative to a regular rhythm's"),
    beats       = memory(0.0,  one, "ventricular beats so far"),
    spread      = param(0.22, one, "standard deviation over mean of the intervals", "assumed: 20–25 % at rest in atrial fibrillation", low=0, high=0.5),
    T_v         = param(0.33, s, "time to the peak of calcium in the ventricles, at 60/min", "assumed: ejection lasts some 300 ms at 66/min (Weissler 1968); √RR as in Heldt 2004"),
    shortest    = param(0.38, s, "refractory time of the AV node", "assumed: rarely faster than 160/min at rest"),
    t_0         = param(0.30, s, "interval at which a beat would have no force", "assumed: an action potential lasts so long, and restitution begins with its end (Yue 1985, Franz 1983)"),
    tau         = param(0.18, s, "time constant of restitution and of potentiation", "Yue 1985 Circ Res 56:340: 0.182 and 0.176 s (dogs)"),
    gain        = param(1.0, one, "potentiation by an interval of t_0", "assumed: what an early beat lacks, the next one has more (at one net rate mean force does not depend on rhythm, rat hearts)", low=0),
):  # fmt: skip
    """Each interval is drawn anew, from a uniform distribution of the given spread, and ends no sooner than the twitch.

    How long a beat lasts and how hard it is follow from the intervals before it, not from the one that it begins: a beat
    after a long pause is long, and where the next one comes early there is little time to fill."""
    # A uniform distribution from 1 − a to 1 + a has the standard deviation a/√3.
    drawn = asked * (1 + 1.7320508 * spread * (2 * random_uniform() - 1))
    fires = ventricular >= interval
    if fires:
        ventricular = ventricular - interval
        force = strength(interval, before, asked, t_0, tau, gain)
        before = interval
        interval = maximum(drawn, maximum(shortest, 1.5 * T_v * bazett(before)))
        beats = beats + 1
    return gives(
        next_ventricular=ventricular + TICK,
        next_interval=interval,
        next_before=before,
        next_force=force,
        next_beats=beats,
        atrial_clock=(0 * s, s, "the atria never contract together"),
        ventricular_clock=ramp(ventricular, 1.0, s, "time since the ventricles were excited"),
        atrial_pace=(0 * Hz, Hz, "the atria never contract together"),
        ventricular_pace=(1 / (T_v * bazett(before)), Hz, "one over the time to the peak of calcium in the ventricles"),
        strength=(force, one, "of the present beat, relative to a regular rhythm's"),
        beat=event(fires, "ventricles excited"),
        count=(beats, one, "ventricular beats so far"),
        heart_rate=(1 / interval, per_min, "of the present beat"),
    )
