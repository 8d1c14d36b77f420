"""Plasma that crosses the capillary wall: the body's second transfusion, and what standing costs."""

from proband.model import *
from proband.units import *


@controller(period=20 * ms)
def capillary_filtration(
    venous = reads(mmHg, "pressure across the wall of the bed's veins"),
    flow   = reads(mL/s, "through the bed"),
    lain     = memory(0.0, s,    "since the start"),
    balanced = memory(10.0, mmHg, "capillary pressure at which nothing crosses"),
    lost     = memory(0.0, mL,   "plasma that has gone into the bed's tissue since rest"),
    K   = param(2.0,  mL_min/mmHg, "filtration capacity", "Guyton & Hall: 6.7 mL/min/mmHg in all; every use gives its share", low=0),
    C   = param(15.0, mL/mmHg, "plasma that shifts the balance by 1 mmHg, by tissue pressure and oncotic pressure together",
                "assumed: half of what finally crosses does so in some 6 min (as LBNP and bleeding show)", low=0.1),
    R_v = param(0.5,  mmHg*s/mL, "resistance from the capillaries to the veins", "assumed: capillaries some 10 mmHg above their veins", low=0),
    T   = param(90.0, s, "in which the balance of one who has lain for long is found", "definition: at the start nothing has crossed"),
    tau = param(10.0, s, "smoothing meanwhile", "definition"),
):  # fmt: skip
    """Starling's law about the balance at rest: dV/dt = K (p_c − p_0 − V/C), with p_c = p_v + R_v Q (Pappenheimer 1948).

    Arterioles that tighten lower the capillary pressure and draw plasma in; blood that pools drives it out. The plasma stays in the bed's volume, for it has
    not left the bed, but stretches no vein. Before veins that are flattened blood waits
    at the pressure around them, which is the tissue's too. Lymph and the way back of proteins take hours, and are left out."""
    capillary = positive(venous) + R_v * flow
    tick = 20 * ms
    rests = lain < T
    balanced = balanced + (capillary - balanced) * (tick / tau) if rests else balanced
    lost = 0 * mL if rests else lost + K * (capillary - balanced - lost / C) * tick
    return gives(
        next_lain=where(rests, lain + tick, lain),
        next_balanced=balanced,
        next_lost=lost,
        into_tissue=(lost, mL, "plasma that has gone into the bed's tissue since rest"),
    )
