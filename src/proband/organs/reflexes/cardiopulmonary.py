"""The reflex from the low-pressure side: an emptier heart tightens arterioles and veins."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def cardiopulmonary_reflex(
    sensed = state(8.0, mmHg, "stretching pressure of the atria, smoothed"),
    right  = reads(mmHg, "pressure across the right atrium's wall"),
    left   = reads(mmHg, "pressure across the left atrium's wall"),
    arterial = reads(one, "sympathetic tone that the arterial receptors leave, change from that at their set point", otherwise=0.0),
    P_n    = param(8.2,  mmHg,   "stretching pressure at rest", "assumed: filling pressures 4 and 8 mmHg, chest −3, pericardium +1"),
    G      = param(0.217, one/mmHg, "gain", "fitted: head-up tilt by 30° leaves the arterial pressure as it was (Smith 1987)", low=0),
    share  = param(0.5,  one,    "of the left atrium in the whole", "assumed: both sides alike", low=0, high=1),
    tau    = param(5.0,   s,      "smoothing", "assumed: slower than the arterial receptors"),
    top    = param(4.0,  one,    "largest rise of tone", "assumed: the receptors saturate", low=0.01),
    span   = param(1.1,  one,    "that tone at the set point, above its lowest", "Ursino 1998: `resting_tone` of the arterial baroreflex", low=0.01),
    bottom = param(0.4,  one,    "largest fall of tone", "assumed: someone who lies has little sympathetic traffic left to lose", low=0.01),
):  # fmt: skip
    """Receptors where the veins enter both atria: tone rises as the atria empty, and falls a little as they fill.

    Both kinds of receptors meet in one centre: loaded arteries hold the answer back, unloaded ones strengthen it (Pawelczyk & Raven 1989, men: a lower
    central venous pressure strengthens the carotid reflex; the form of the gate is assumed)."""
    error = G * (P_n - sensed)
    limit = top if error > 0 else bottom
    heard = maximum(span + arterial, 0 * one)
    gate = 2 * heard / (span + heard)
    return gives(
        d_sensed=((1 - share) * right + share * left - sensed) / tau,
        tone=(gate * limit * tanh(error / limit), one, "sympathetic tone of the vessels, added to the baroreflex"),
    )
