"""What the jet of a return cannula stirs."""

from __future__ import annotations

import math

from proband.model import *
from proband.units import *

# Of its flow that a round turbulent jet drags along in each diameter of its way (Ricou & Spalding 1961 J Fluid Mech 11:21).
ENTRAINED = 0.32
# From the tip, where the superior cava ends, to the mouth of the other cava; assumed: an atrium of 5 cm and what lies before it.
WAY = 70 * mm
# Of what arrives there, dips into the mouth; assumed: most turns to the valve.
DIPPED = 0.25


def stirring(section: Quantity) -> Quantity:
    """Share k of a jet from a lumen with this section: that dips into a cava's mouth, and sends as much blood back."""
    bore = 2 * math.sqrt(section.si / math.pi)
    return (DIPPED * ENTRAINED * WAY.si / bore) * one


@path
def stirred(
    p_in  = end(mmHg, "on one side of a cava's mouth"),
    p_out = end(mmHg, "on the other"),
    jet   = reads(L_min, "flow of the jet that runs past"),
    k = param(1.0, one, "of the jet's flow that goes one way, and as much the other way by this path's twin", "Ricou & Spalding 1961, over its way through the atrium", low=0),
):  # fmt: skip
    """Neutral in volume: two of these, one each way, only mix."""
    return gives(flow=k * positive(jet))
