"""Sinus rhythm with premature ventricular beats."""

from proband.model import *
from proband.organs.heart.restitution import strength
from proband.organs.heart.timing import TICK, bazett, clocks
from proband.units import *


@controller(period=TICK)
def premature_beats(
    asked       = reads(s, "beat-to-beat interval the nerves ask for", otherwise=0.86),
    every       = command(4.0, one, "each how many-th beat is premature", low=2, high=100),
    coupling    = command(0.6, one, "share of the sinus interval at which the premature beat falls", low=0.5, high=0.9),
    atrial      = memory(0.0,  s,   "time since the atria were excited"),
    ventricular = memory(0.6,  s,   "time since the ventricles were excited"),
    interval    = memory(0.86, s,   "interval of the sinus node"),
    on_its_way  = memory(1.0,  one, "an atrial beat that has not reached the ventricles"),
    since       = memory(0.0,  one, "beats since the last premature one"),
    before      = memory(0.86, s,   "interval that the present beat ended"),
    force       = memory(1.0,  one, "its elastance relative to a regular rhythm's"),
    beats       = memory(0.0,  one, "ventricular beats so far"),
    PR          = param(0.12, s, "from atrial to ventricular contraction, at 60/min", "Heldt 2004: 0.12 √RR"),
    T_a         = param(0.20, s, "time to the atria's peak elastance, at 60/min",     "Heldt 2004: 0.2 √RR"),
    T_v         = param(0.33, s, "time to the peak of calcium in the ventricles, at 60/min", "assumed: ejection lasts some 300 ms at 66/min (Weissler 1968); √RR as in Heldt 2004"),
    shortest    = param(0.30, s, "shortest interval the node can fire at", "assumed: 200/min, the limit of a young sinus node"),
    t_0         = param(0.30, s, "interval at which a beat would have no force", "assumed: an action potential lasts so long, and restitution begins with its end (Yue 1985, Franz 1983)"),
    tau         = param(0.18, s, "time constant of restitution and of potentiation", "Yue 1985 Circ Res 56:340: 0.182 and 0.176 s (dogs)"),
    gain        = param(1.0, one, "potentiation by an interval of t_0", "assumed: what an early beat lacks, the next one has more", low=0),
):  # fmt: skip
    """The premature beat starts in the ventricles and blocks the next sinus beat, so that a full pause follows.

    It is weak, since little time has passed, and the beat after it is strong."""
    ended = ventricular
    if atrial >= interval:
        atrial = atrial - interval
        interval = maximum(asked, shortest)
        on_its_way = 1.0
    scale = bazett(interval)
    arrives = on_its_way > 0 and atrial >= PR * scale
    blocked = since >= every
    premature = since >= every - 1 and since < every and ventricular >= coupling * interval
    conducted = arrives and not blocked and not premature
    if conducted:
        ventricular = atrial - PR * scale
        since = since + 1
    if arrives and blocked:
        since = 0.0
    if arrives:
        on_its_way = 0.0
    if premature:
        ventricular = 0 * ms
        since = since + 1
    if conducted or premature:
        force = strength(ended, before, interval, t_0, tau, gain)
        before = ended
        beats = beats + 1
    return gives(
        next_interval=interval,
        next_on_its_way=on_its_way,
        next_since=since,
        next_before=before,
        next_force=force,
        **clocks(atrial, ventricular, T_a, T_v, scale, conducted or premature, beats),
        strength=(force, one, "of the present beat, relative to a regular rhythm's"),
        premature=event(premature, "premature ventricular beat"),
        heart_rate=(1 / interval, per_min, "of the sinus node"),
    )
