"""The respiratory muscles: from effort to pressure."""

from proband.model import *
from proband.units import *


@controller(period=10 * ms)
def respiratory_muscles(
    inspiratory = reads(one, "inspiratory effort, 1 at the end of a resting inspiration"),
    expiratory  = reads(one, "expiratory effort, share of the strongest"),
    volume      = reads(mL,  "gas in the lungs"),
    strength = command(1.0, one, "share of the muscles' strength: 0 is paralysis", low=0, high=1),
    pull    = memory(0.0, cmH2O, "of the inspiratory muscles now"),
    squeeze = memory(0.0, cmH2O, "of the expiratory muscles now"),
    before  = memory(2400., mL, "gas in the lungs a tick ago"),
    P_i   = param(6.8,  cmH2O, "pull at the end of a resting inspiration", "fitted: tidal volume near 500 mL", low=0),
    P_max = param(105., cmH2O, "strongest inspiratory pull", "Black & Hyatt 1969: 124 ± 22 in men at residual volume", low=0),
    P_e   = param(120., cmH2O, "strongest expiratory pressure", "assumed: half of 233 in men at full capacity (Black & Hyatt 1969), as coughs use it", low=0),
    tau   = param(0.03, s,     "time constant of contraction", "assumed: activation within 10-20 ms (Zajac 1989) and some series elasticity", low=0.02),
    tau_r = param(0.25, s,     "time constant of relaxation", "assumed: the inspiratory muscles brake the first half second of a quiet expiration (Shee 1985, as remembered)", low=0.02),
    V_opt = param(2300, mL,    "gas in the lungs at which the diaphragm is as long as it likes", "assumed: functional residual capacity", low=0),
    V_end = param(5500, mL,    "gas beyond V_opt at which no force is left", "assumed: a fifth is lost per litre (Smith & Bellemare 1987, order)", low=1),
    Q_max = param(10.0, L/s,   "inspiratory flow at which the muscles shorten so fast that no force is left", "Agostoni & Fenn 1960, order", low=1),
    curve = param(0.25, one,   "curvature of force by velocity, a/F_0", "Hill 1938", low=0.05, high=2),
    share = param(0.7,  one,   "share of the diaphragm's pressure that acts on the lungs", "assumed: compliance of the abdomen over that of the whole wall, lying", low=0.1, high=1),
):  # fmt: skip
    """First-order muscles. The pull falls as hyperinflation shortens the diaphragm, and as it shortens faster (Hill 1938): against
    a shut mouth they make more than in a breath."""
    tick = 10 * ms
    length = limited(1 - (volume - V_opt) / V_end, 0.0, 1.3)
    speed = limited((volume - before) / tick / Q_max, 0.0, 1.0)
    shortening = (1 - speed) / (1 + speed / curve)
    wanted = strength * length * shortening * minimum(P_i * inspiratory, P_max)
    pushed = strength * P_e * limited(expiratory, 0.0, 1.0)
    d_pull = (wanted - pull) * (1 - exp(-tick / (tau if wanted > pull else tau_r))) / tick
    d_squeeze = (pushed - squeeze) * (1 - exp(-tick / tau)) / tick
    below = (1 - share) / share
    return gives(
        next_pull=pull + d_pull * tick,
        next_squeeze=squeeze + d_squeeze * tick,
        next_before=volume,
        pressure=ramp(pull - squeeze, d_pull - d_squeeze, cmH2O, "what the muscles pull on the pleural space"),
        abdominal=(below * pull + squeeze, cmH2O, "what the muscles add below the diaphragm"),
    )
