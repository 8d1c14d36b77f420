"""How an indicator or a drug enters the blood, and how it leaves it."""

from proband.model import *
from proband.units import *


@reaction
def clearance(
    concentration = content(mmol/L, "in the bed's blood"),
    K = param(10.0, mL/s, "blood cleared each second", "assumed: every use gives its own", low=0),
):  # fmt: skip
    """First-order loss: what K millilitres hold is gone each second."""
    return gives(rate=-K * concentration)


@reaction
def injection(
    dose = command(0.0, mmol/s, "given each second"),
):  # fmt: skip
    """A needle: what it gives does not depend on the blood it meets, and adds no volume."""
    return gives(rate=dose)
