"""What the heart's muscle needs of oxygen."""

from proband.model import *
from proband.units import *

TICK = 20 * ms


@signal(period=TICK)
def muscle_need(
    active  = reads(one,  "share of full contraction, 0 to 1"),
    across  = reads(mmHg, "pressure across the ventricle's wall"),
    stretch = reads(mL,   "volume beyond the ventricle's rest volume"),
    active_before = memory(0.0, one,     "share of full contraction at the last sample"),
    stiff_before  = memory(0.0, mmHg/mL, "pressure over stretch at the last sample"),
    need          = memory(1.0, one,     "relative to that of Suga's hearts, smoothed"),
    k     = param(1.37e-5, one/mmHg, "oxygen per pressure–volume area, volume as STPD", "Suga 1979 Am J Physiol 236:H498 (11 dogs' hearts)", low=0),
    b     = param(0.0003, one, "oxygen of a beat without work, per volume of muscle", "Suga 1979, as above: 0.027 mL; assumed: in 90 g", low=0),
    usual = param(0.089, one/min_, "oxygen that a dog's heart needs under its usual load, per volume of muscle",
                  "Tanaka 1988 Am J Physiol 254:R933: 8.9 mL/min in 100 g; assumed: Suga's of 1988 alike", low=0),
    muscle = param(150.0, mL, "of the left ventricle", "textbook: some 150 g", low=0),
    x_min  = param(5.0, mL,   "stretch below which its stiffness is not judged", "assumed: keeps the ratio finite", low=0),
    tau    = param(10.0, s,   "over which beats are averaged", "assumed: as the muscle weakens and recovers", low=0),
):  # fmt: skip
    """The pressure–volume area is the work that stiffens the wall as it contracts, ∫ ½ (V − V₀)² dE (Suga 1979); every beat costs something besides."""
    held = maximum(stretch, x_min)
    stiff = across / held
    onset = positive(active - active_before)
    work = where(onset > 0, 0.5 * held * held * positive(stiff - stiff_before), 0 * mmHg * mL)
    used = (k * work + b * muscle * onset) / TICK
    return gives(
        next_active_before=active,
        next_stiff_before=stiff,
        next_need=need + (used / (usual * muscle) - need) * (TICK / tau),
    )
