"""The bag around the heart."""

from proband.model import *
from proband.units import *


@signal
def pericardium(
    left_ventricle  = reads(mL, "volume"),
    right_ventricle = reads(mL, "volume"),
    left_atrium     = reads(mL, "volume"),
    right_atrium    = reads(mL, "volume"),
    chest           = reads(mmHg, "pressure in the chest", otherwise=0.0),
    closed = param(1.0,   one,  "1 as born, 0 after surgery has opened it", "definition", low=0, high=1),
    P_0    = param(1.0,   mmHg, "pressure at the volume V_0",      "assumed: form as in Sun 1997", low=0),
    V_0    = param(400.0, mL,   "blood in the heart at pressure P_0", "assumed: 1–3 mmHg at rest, as flat balloons measure"),
    phi    = param(40.0,  mL,   "volume that raises the pressure e-fold", "assumed: form as in Sun 1997", low=0),
):  # fmt: skip
    """A bag that stiffens exponentially with all the blood in the heart."""
    filling = left_ventricle + right_ventricle + left_atrium + right_atrium
    squeeze = closed * P_0 * exp((filling - V_0) / phi)
    return gives(
        pressure=(chest + squeeze, mmHg, "around the heart"),
        squeeze=(squeeze, mmHg, "pressure across the pericardium"),
    )
