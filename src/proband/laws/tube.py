"""Blood in a tube, with and without inertia; a tube that is tilted feels the weight of its column."""

from proband.model import *
from proband.units import *


@path
def tube(
    p_in     = end(mmHg, "upstream"),
    p_out    = end(mmHg, "downstream"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    R        = param(0.05, mmHg*s/mL, "resistance", "assumed: every use gives its own", low=0),
    drop     = param(0.0,  cm,        "how far the second end lies below the first when upright", "assumed: level"),
):  # fmt: skip
    """Poiseuille flow: Q = Δp / R."""
    return gives(flow=(p_in - p_out + gradient * drop) / R)


@path
def inertial_tube(
    p_in     = end(mmHg, "upstream"),
    p_out    = end(mmHg, "downstream"),
    flow     = state(0.0, mL/s, "through the tube"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    R        = param(0.05,   mmHg*s/mL,   "resistance", "assumed: every use gives its own", low=0),
    L        = param(0.0005, mmHg*s*s/mL, "inertance",  "assumed: every use gives its own", low=0),
    drop     = param(0.0,    cm, "how far the second end lies below the first when upright", "assumed: level"),
):  # fmt: skip
    """A column of blood that has to be set in motion: L dQ/dt = Δp − R Q."""
    return gives(flow=flow, d_flow=(p_in - p_out + gradient * drop - R * flow) / L)
