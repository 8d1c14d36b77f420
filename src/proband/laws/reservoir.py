"""An elastic reservoir."""

from proband.model import *
from proband.units import *


@compartment
def elastic(
    volume  = state(100.0, mL,      "blood in the vessel"),
    outside = reads(mmHg,           "pressure around the vessel", otherwise=0.0),
    C       = param(1.0,   mL/mmHg, "compliance",        "assumed: every use gives its own", low=0),
    V_0     = param(50.0,  mL,      "unstressed volume", "assumed: every use gives its own"),
):  # fmt: skip
    """A vessel with a constant compliance: p = (V − V_0) / C."""
    stretch = (volume - V_0) / C
    return gives(pressure=stretch + outside, transmural=(stretch, mmHg, "pressure across the wall"))
