"""A vessel and a tube to build small bodies from, for tests that need no patient."""

from proband.model import *
from proband.units import *


@compartment
def vessel(
    volume = state(100.0, mL,      "blood in the vessel"),
    C      = param(1.0,   mL/mmHg, "compliance",        "assumed: a test", low=0.01, high=100),
    V_0    = param(50.0,  mL,      "unstressed volume", "assumed: a test"),
):  # fmt: skip
    """A constant compliance."""
    return gives(pressure=(volume - V_0) / C)


@path
def tube(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    tone  = reads(one, "factor on the resistance", otherwise=1.0),
    R     = param(1.0, mmHg*s/mL, "resistance", "assumed: a test", low=0),
):  # fmt: skip
    """Poiseuille flow."""
    return gives(flow=(p_in - p_out) / (R * tone))
