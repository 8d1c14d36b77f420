"""Arterioles: the resistance that nerves and tissues set."""

from proband.model import *
from proband.units import *


@path
def arteriole(
    p_in     = end(mmHg, "in the artery"),
    p_out    = end(mmHg, "in the bed's veins"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    openness = reads(one, "conductance relative to rest", otherwise=1.0),
    dilated  = reads(one, "conductance that the tissue's own gases ask for, relative to rest", otherwise=1.0),
    R    = param(4.5, mmHg*s/mL, "resistance at rest", "assumed: every use gives its own", low=0),
    drop = param(0.0, cm, "how far the bed lies below the artery when upright", "assumed: level"),
):  # fmt: skip
    """Poiseuille flow through vessels that open and close: Q = Δp · openness / R. Nerves and tissue act on the same vessels."""
    return gives(flow=(p_in - p_out + gradient * drop) * (openness * dilated) / R)
