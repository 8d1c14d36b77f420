"""How an indicator or a drug leaves the blood."""

from proband.model import *
from proband.units import *


@reaction
def clearance(
    concentration = content(mmol/L, "in the bed's blood"),
    K = param(10.0, mL/s, "blood cleared each second", "assumed: every use gives its own", low=0),
):  # fmt: skip
    """First-order loss: what K millilitres hold is gone each second."""
    return gives(rate=-K * concentration)
