"""A region of the lung: exponential where it is open; how much of it is open is another part's to say (`recruitment`)."""

from proband.laws.gas import MOLAR_VOLUME
from proband.model import *
from proband.units import *


@compartment
def alveoli(
    volume   = state(390.0, mL, "gas in the region, at body temperature and saturated"),
    pleural  = reads(cmH2O, "pressure around the lung at the height of the heart", otherwise=-4.0),
    crowding = reads(one,   "one over the share of the region that is open", otherwise=1.0),
    V_max    = param(1000., mL,       "volume of the whole region under unlimited pressure", "assumed: six regions of 6 L in all, total capacity of a man less dead space", low=0),
    b        = param(0.80,  one,      "share of V_max that needs pressure", "assumed: a fifth is left in a lung without recoil (minimal volume)", low=0.01, high=1),
    k        = param(0.06,  one/cmH2O,  "shape", "assumed: compliance of 0.2 L/cmH2O in quiet breathing; 0.1-0.15 in deflation from full capacity (Colebatch 1979)", low=0),
    gradient = param(0.25,  cmH2O/cm, "pleural pressure per height", "textbook: 0.2-0.3 in a normal lung (density of inflated lung)"),
    height   = param(0.0,   cm,       "of the region above the heart, as the body lies", "assumed: every use gives its own"),
):  # fmt: skip
    """Salazar & Knowles 1964: V = V_max (1 − b exp(−k P)), of the share that is open. Near its full size the region
    goes on along the tangent."""
    left = 1 / b - volume * (crowding / (b * V_max))
    curved = maximum(left, 0.02)
    recoil = ((curved - left) / 0.02 - log(curved)) / k
    return gives(
        pressure=pleural - gradient * height + recoil,
        recoil=(recoil, cmH2O, "pressure across the region's wall"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )
