"""The reflex from the low-pressure side: an emptier heart tightens arterioles and veins."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def cardiopulmonary_reflex(
    sensed = state(8.0, mmHg, "stretching pressure of the right atrium, smoothed"),
    atrial = reads(mmHg, "pressure across the right atrium's wall"),
    P_n = param(6.5,  mmHg,   "stretching pressure at rest", "assumed: CVP 5 mmHg, chest −3, pericardium +1"),
    G   = param(0.40, one/mmHg, "gain", "fitted: head-up tilt by 30° leaves the arterial pressure as it was (Smith 1987)", low=0),
    tau = param(2.0,  s,      "smoothing", "assumed: some beats"),
    top = param(2.5,  one,    "largest change of tone", "assumed: the receptors saturate", low=0),
):  # fmt: skip
    """Tone rises as the right atrium empties, within limits."""
    error = G * (P_n - sensed) / top
    return gives(
        d_sensed=(atrial - sensed) / tau,
        tone=(top * tanh(error), one, "sympathetic tone of the vessels, added to the baroreflex"),
    )
