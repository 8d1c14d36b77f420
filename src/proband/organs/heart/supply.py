"""What the heart's own blood supply leaves of its strength."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def coronary_supply(
    sensed   = state(90.0, mmHg, "pressure in the heart's own arteries, smoothed"),
    arterial = reads(mmHg, "pressure in the aorta"),
    need     = reads(one,  "of the muscle for oxygen, relative to that of Suga's hearts", otherwise=1.0),
    P_low = param(74.0, mmHg, "pressure below which the arterioles of hearts that need as much as Suga's can open no further",
                  "Suga 1988 Am J Physiol 254:H292 (dogs' hearts): elastance − 17 % at 51 mmHg, − 56 % at 32, of that at 82; the parabola through these"),
    a     = param(3.13e-4, one/(mmHg*mmHg), "share of the elastance that is lost, per pressure squared", "Suga 1988, as above", low=0),
    P_0   = param(10.0, mmHg, "pressure at which nothing flows through open arterioles", "assumed: between that of the heart's veins and 20 mmHg"),
    least = param(0.2, one, "that is left at no pressure", "assumed: what Suga's hearts would have at 23 mmHg; below nothing was measured", low=0, high=1),
    tau   = param(10.0, s, "in which the muscle weakens and recovers", "assumed: some ten beats on what it has stored"),
):  # fmt: skip
    """Autoregulation keeps the muscle supplied down to a pressure; below, its elastance falls with the square of what is missing.

    Open arterioles pass a flow in proportion to the pressure: a muscle that needs half of it is as well off at half of the pressure.
    One that needs more than Suga's hearts counts as they do, for how early it starves they do not tell."""
    enough = (sensed - P_0) / limited(need, 0.1, 1.0)
    missing = positive(P_low - P_0 - enough)
    return gives(
        d_sensed=(arterial - sensed) / tau,
        share=(maximum(1 - a * (missing * missing), least), one, "of the elastance that the blood supply bears"),
    )
