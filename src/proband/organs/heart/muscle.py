"""The pressure within the heart's wall, that squeezes its own vessels."""

from proband.model import *
from proband.units import *


@signal
def muscle_pressure(
    left   = reads(mmHg, "pressure across the left ventricle's wall"),
    around = reads(mmHg, "pressure around the heart", otherwise=0.0),
    share  = param(0.5, one, "of the ventricle's pressure that reaches its vessels", "assumed: cavity pressure inside, none outside, the mean between", low=0, high=1),
):  # fmt: skip
    """Falls from the cavity's pressure inside to the pericardium's outside; the vessels feel the mean."""
    return gives(pressure=(around + share * left, mmHg, "around the heart muscle's vessels"))
