"""The heart's clock in sinus rhythm.

Atria and ventricles have a clock each, that runs on between samples. Every rhythm of this folder tells the same
quantities, so one can stand in for another."""

from proband.model import *
from proband.organs.heart.timing import TICK, bazett, clocks
from proband.units import *


@controller(period=TICK)
def sinus(
    asked       = reads(s, "beat-to-beat interval the nerves ask for", otherwise=0.86),
    atrial      = memory(0.0,  s,   "time since the atria were excited"),
    ventricular = memory(0.6,  s,   "time since the ventricles were excited"),
    interval    = memory(0.86, s,   "beat-to-beat interval of the present beat"),
    on_its_way  = memory(1.0,  one, "an atrial beat that has not reached the ventricles"),
    beats       = memory(0.0,  one, "ventricular beats so far"),
    PR          = param(0.12, s, "from atrial to ventricular contraction, at 60/min",    "Heldt 2004: 0.12 √RR"),
    T_a         = param(0.20, s, "time to the atria's peak elastance, at 60/min",        "Heldt 2004: 0.2 √RR"),
    T_v         = param(0.33, s, "time to the peak of calcium in the ventricles, at 60/min",    "assumed: ejection lasts some 300 ms at 66/min (Weissler 1968); √RR as in Heldt 2004"),
    shortest    = param(0.30, s, "shortest interval the node can fire at", "assumed: 200/min, the limit of a young sinus node"),
):  # fmt: skip
    """Fires when the present interval is over; the next one is as long as the reflexes then ask."""
    fires = atrial >= interval
    if fires:
        atrial = atrial - interval
        interval = maximum(asked, shortest)
        on_its_way = 1.0
    scale = bazett(interval)
    conducted = on_its_way > 0 and atrial >= PR * scale
    if conducted:
        ventricular = atrial - PR * scale
        on_its_way = 0.0
        beats = beats + 1
    return gives(
        next_interval=interval,
        next_on_its_way=on_its_way,
        **clocks(atrial, ventricular, T_a, T_v, scale, conducted, beats),
        heart_rate=(1 / interval, per_min, "of the present beat"),
    )
