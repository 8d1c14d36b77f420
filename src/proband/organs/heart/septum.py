"""The wall that the ventricles share."""

from proband.model import *
from proband.units import *


@signal
def septum(
    bulge  = state(5.0, mL, "volume by which the septum bulges into the right ventricle"),
    left   = reads(mmHg, "pressure in the left ventricle"),
    right  = reads(mmHg, "pressure in the right ventricle"),
    active = reads(one,  "share of full contraction, 0 to 1"),
    E_s = param(6.0,   mmHg/mL,   "elastance at full contraction",
                "three-elastance heart of Maughan 1987; value assumed: LV gives 20–40 % of RV systolic pressure", low=0),
    E_d = param(0.8,   mmHg/mL,   "elastance when relaxed", "assumed: diastolic gain between the ventricles 0.1–0.2", low=0),
    eta = param(0.025, mmHg*s/mL, "viscosity", "assumed: settles within 5 ms in systole; keeps the equations free of a circle", low=0),
):  # fmt: skip
    """The septum stands where its elastic and viscous forces balance the pressure difference: η db/dt = Δp − E b."""
    E = E_d + (E_s - E_d) * active
    return gives(d_bulge=(left - right - E * bulge) / eta)
