"""The way back to the heart: veins with valves, and veins that collapse where they enter the chest."""

from proband.laws.smooth import beyond, larger
from proband.model import *
from proband.units import *


@path
def valved_vein(
    p_in     = end(mmHg, "in the bed's veins"),
    p_out    = end(mmHg, "in the vein before the heart"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    R    = param(0.10, mmHg*s/mL, "resistance", "Heldt 2004, legs", low=0),
    drop = param(0.0,  cm,   "how far the second end lies below the first when upright", "assumed: level"),
    w    = param(1.2,  mmHg, "pressure within which the valves close", "assumed: they weigh next to nothing", low=0),
):  # fmt: skip
    """Towards the heart only."""
    push = p_in - p_out + gradient * drop
    return gives(flow=beyond(push, w) / R)


@path
def inlet(
    p_in     = end(mmHg, "in the veins outside the chest"),
    p_out    = end(mmHg, "in the vein inside the chest"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    around   = reads(mmHg, "pressure around the vein before it enters the chest", otherwise=0.0),
    R    = param(0.11, mmHg*s/mL, "resistance", "Heldt 2004, upper body", low=0),
    drop = param(0.0,  cm,   "how far the second end lies below the first when upright", "assumed: level"),
    w    = param(1.2,  mmHg, "pressure within which the vein collapses and its valves close", "assumed: veins are limp", low=0),
):  # fmt: skip
    """Valves, and a waterfall: a chest that sucks harder than the outside presses draws no more blood (Guyton)."""
    push = p_in - larger(p_out - gradient * drop, around, w)
    return gives(flow=beyond(push, w) / R)


@path
def waterfall(
    p_in     = end(mmHg, "in the vein below the diaphragm"),
    p_out    = end(mmHg, "in the atrium"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    around   = reads(mmHg, "pressure around the vein below the diaphragm", otherwise=0.0),
    R    = param(0.02, mmHg*s/mL, "resistance", "Heldt 2004, inferior vena cava", low=0),
    P_c  = param(0.0,  mmHg, "pressure around the vein at the diaphragm, beyond that of the abdomen", "assumed: every use gives its own"),
    drop = param(0.0,  cm,   "how far the second end lies below the first when upright", "assumed: level"),
    w    = param(1.2,  mmHg, "pressure within which the vein collapses", "assumed: veins are limp", low=0),
):  # fmt: skip
    """A wide vein without valves that collapses where the pressure around it exceeds the one behind (Starling's resistor, either way round).

    Behind a collapse nothing runs back: the atrium fills the vein only where its own pressure holds the vein open."""
    holds = around + P_c
    return gives(flow=(larger(p_in, holds, w) - larger(p_out - gradient * drop, holds, w)) / R)
