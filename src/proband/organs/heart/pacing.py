"""The heart paced at a set rate, atria and ventricles in turn."""

from proband.model import *
from proband.organs.heart.timing import TICK, bazett, clocks
from proband.units import *


@controller(period=TICK)
def paced(
    asked       = reads(s, "what the nerves ask for; a pacemaker does not listen", otherwise=0.86),
    set_rate    = command(80.0, per_min, "of the pacemaker", low=30, high=180),
    AV_delay    = command(0.15, s, "from the atrial to the ventricular stimulus", low=0.05, high=0.3),
    atrial      = memory(0.0,  s,   "time since the atria were excited"),
    ventricular = memory(0.6,  s,   "time since the ventricles were excited"),
    interval    = memory(0.75, s,   "beat-to-beat interval of the present beat"),
    on_its_way  = memory(1.0,  one, "an atrial beat that has not reached the ventricles"),
    beats       = memory(0.0,  one, "ventricular beats so far"),
    T_a         = param(0.20, s, "time to the atria's peak elastance, at 60/min",     "Heldt 2004: 0.2 √RR"),
    T_v         = param(0.33, s, "time to the peak of calcium in the ventricles, at 60/min", "assumed: ejection lasts some 300 ms at 66/min (Weissler 1968); √RR as in Heldt 2004"),
):  # fmt: skip
    """A dual-chamber pacemaker at a fixed rate."""
    if atrial >= interval:
        atrial = atrial - interval
        interval = 1 / set_rate
        on_its_way = 1.0
    conducted = on_its_way > 0 and atrial >= AV_delay
    if conducted:
        ventricular = atrial - AV_delay
        on_its_way = 0.0
        beats = beats + 1
    scale = bazett(interval)
    return gives(
        next_interval=interval,
        next_on_its_way=on_its_way,
        **clocks(atrial, ventricular, T_a, T_v, scale, conducted, beats),
        heart_rate=(1 / interval, per_min, "of the present beat"),
    )
