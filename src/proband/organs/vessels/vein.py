"""Veins: most of the blood, at little pressure. Their muscle changes the unstressed volume."""

from proband.model import *
from proband.units import *


@compartment
def vein(
    volume   = state(100.0, mL, "blood in the bed"),
    outside  = reads(mmHg, "pressure around the veins", otherwise=0.0),
    squeezed = reads(mL,   "unstressed volume that the nerves have taken away", otherwise=0.0),
    filtered = reads(mL,   "plasma of the bed that has gone into its tissue", otherwise=0.0),
    C   = param(5.0,  mL/mmHg, "compliance",        "assumed: every use gives its own", low=0),
    V_0 = param(30.0, mL,      "unstressed volume", "assumed: every use gives its own"),
):  # fmt: skip
    """A bed whose nerves shift the unstressed volume: p = (V − V_0 + squeezed − filtered) / C."""
    stretch = (volume - V_0 + squeezed - filtered) / C
    return gives(pressure=stretch + outside, transmural=(stretch, mmHg, "pressure across the wall"))


@compartment
def distensible_vein(
    volume   = state(900.0, mL, "blood in the bed"),
    outside  = reads(mmHg, "pressure around the veins", otherwise=0.0),
    squeezed = reads(mL,   "unstressed volume that the nerves have taken away", otherwise=0.0),
    filtered = reads(mL,   "plasma of the bed that has gone into its tissue", otherwise=0.0),
    C     = param(27.0,   mL/mmHg, "compliance where it is unstretched", "Heldt 2004, legs", low=0),
    V_0   = param(716.0,  mL,      "unstressed volume", "Heldt 2004, legs"),
    V_max = param(1000.0, mL,      "stressed volume that it cannot exceed", "Heldt 2004, legs: limit of the arctangent", low=0),
):  # fmt: skip
    """Veins that stiffen as they fill: p = x / C / (1 − (x / V_max)²), within 20 % Heldt's tangent.

    Those that are no longer stretched collapse one after another, and give the less the fewer are left: p = x / C (V_0 / V)², which never empties them."""
    slack = V_0 - squeezed + filtered
    x = volume - slack
    share = x / V_max
    left = slack / volume
    room = maximum(1 - share * share, 0.01)  # a bed started beyond its limit is stiff, and not negative
    stretch = x / C / room if x > 0 * mL else x / C * (left * left)
    return gives(pressure=stretch + outside, transmural=(stretch, mmHg, "pressure across the wall"))


@compartment
def collapsible_vein(
    volume  = state(130.0, mL, "blood in the vein"),
    outside = reads(mmHg, "pressure around the vein", otherwise=0.0),
    C   = param(1.8,   mL/mmHg, "compliance of the round vein", "Heldt 2004, vena cava", low=0),
    V_0 = param(112.0, mL,      "volume where it ceases to be round", "Heldt 2004, vena cava"),
    P_c = param(2.0,   mmHg,    "stiffness of the flattened vein", "assumed: collapses to a tenth at −18 mmHg", low=0),
):  # fmt: skip
    """Elastic while it is round; once flat it gives way at little pressure, until nothing is left in it."""
    x = volume - V_0
    stretch = x / C if x > 0 * mL else P_c * (x / volume)
    return gives(pressure=stretch + outside, transmural=(stretch, mmHg, "pressure across the wall"))
