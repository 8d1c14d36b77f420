"""The atria paced at a set rate; the heart's own node conducts to the ventricles."""

from proband.model import *
from proband.organs.heart.timing import TICK, bazett, clocks
from proband.units import *


def conduction(recovery, D_0, slowing, tau):
    """Time from the atria to the ventricles of a node that has had so long to recover since its last beat."""
    return D_0 + slowing * exp(-recovery / tau)


@controller(period=TICK)
def atrially_paced(
    asked       = reads(s, "what the nerves ask for; a pacemaker does not listen", otherwise=0.86),
    set_rate    = command(80.0, per_min, "of the pacemaker", low=30, high=220),
    atrial      = memory(0.0,  s,   "time since the atria were excited"),
    ventricular = memory(0.6,  s,   "time since the ventricles were excited"),
    interval    = memory(0.75, s,   "interval of the pacemaker"),
    before      = memory(0.75, s,   "interval that the ventricles' present beat ended"),
    delay       = memory(0.16, s,   "that the node has for the present atrial beat"),
    on_its_way  = memory(0.0,  one, "an atrial beat that has not reached the ventricles"),
    beats       = memory(0.0,  one, "ventricular beats so far"),
    D_0         = param(0.15,  s, "from the atria to the ventricles, where the node has recovered", "Alboni 1985 Eur Heart J 6:602: A–H 83 ms, H–V 40 ms; 25 ms within the atria (assumed)"),
    slowing     = param(0.139, s, "longer, had the node no time to recover", "from Alboni 1985 (block from 176/min on, 150–200) and Runge 1973 (A–H 15–30 ms longer at 100 and 120/min)", low=0),
    tau         = param(0.179, s, "time constant of the node's recovery", "as `slowing`"),
    refractory  = param(0.12,  s, "after a ventricular beat, in which the node lets nothing pass", "Alboni 1985: 269 ms between atrial beats, less the first one's way"),
    T_a         = param(0.20, s, "time to the atria's peak elastance, at 60/min",     "Heldt 2004: 0.2 √RR"),
    T_s         = param(0.375, s, "time to the peak of calcium in the ventricles, at 60/min", "fitted: ejection lasts 413 ms − 1.7 ms/(1/min) from 66 to 140/min (Weissler 1968), the time before it does not change with the paced rate (Mertens 1981)"),
):  # fmt: skip
    """The sooner an atrial beat follows the last ventricular one, the slower the node conducts it, until it lets none pass
    (Wenckebach). No nerve has asked for the rate, so that nothing but the interval shortens the beat, and no shorter way through the node
    goes with it: in a fast paced heart there is little time to fill, and the atria contract before the ventricles have done."""
    if atrial >= interval:
        atrial = atrial - interval
        interval = 1 / set_rate
        passes = ventricular >= refractory and on_its_way < 1
        if passes:
            on_its_way = 1.0
            delay = conduction(ventricular, D_0, slowing, tau)
    conducted = on_its_way > 0 and atrial >= delay
    if conducted:
        before = ventricular - (atrial - delay)
        ventricular = atrial - delay
        on_its_way = 0.0
        beats = beats + 1
    return gives(
        next_interval=interval,
        next_before=before,
        next_delay=delay,
        next_on_its_way=on_its_way,
        **clocks(atrial, ventricular, T_a, T_s, bazett(before), conducted, beats),
        conduction=(delay, s, "from the atria to the ventricles, of the present beat"),
        heart_rate=(1 / before, per_min, "of the ventricles' present beat"),
    )
