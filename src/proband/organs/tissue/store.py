"""Tissue water beside an organ's blood: where carbon dioxide and lactate are stored."""

from proband.model import *
from proband.units import *

PERIOD = 10 * ms  # of the substances


@compartment
def tissue_water(volume=state(1000.0, mL, "water of the tissue")):
    """Water that nothing flows through; it has no pressure of its own."""
    return gives(pressure=0 * mmHg)


@membrane
def carbon_dioxide_exchange(
    inside  = content(mmol/L, "carbon dioxide in the tissue"),
    P_blood = reads(mmHg, "partial pressure in the organ's blood"),
    slope   = reads(mmHg*L/mmol, "rise of the blood's pressure with its content"),
    volume  = reads(mL, "blood in the organ"),
    G       = param(0.05, mmol/(s*mmHg), "conductance", "assumed: capillary and tissue are nearly in equilibrium, as carbon dioxide diffuses easily"),
    beta    = param(0.14, mmol/(L*mmHg), "stored per pressure at P_n", "Farhi & Rahn 1960 as remembered: 0.3-0.5 mL/(dL mmHg) in soft tissue; the lower end, since stores of minutes are smaller (Fowle & Campbell 1964)"),
    alpha   = param(0.0307, mmol/(L*mmHg), "of it dissolved", "Douglas 1988, plasma"),
    P_n     = param(47.0, mmHg, "pressure at rest", "assumed: as in venous blood"),
    water   = reads(mL, "water of the tissue"),
):  # fmt: skip
    """Carbon dioxide goes where its pressure is less. Some of it is dissolved; the rest is bicarbonate, to which the tissue's buffers
    turn it in proportion to the pH that is lost, and so to the logarithm of the pressure: the more there is, the less is stored."""
    bound = beta - alpha
    held = inside / P_n - beta
    x = P_blood / P_n
    for _ in range(3):  # alpha (x - 1) + bound ln x = held, by Newton from the blood's pressure
        miss = alpha * (x - 1) + bound * log(x) - held
        x = limited(x - miss / (alpha + bound / x), 0.5 * x, 2 * x)
    P = x * P_n
    stored = alpha + bound / x
    answer = slope / volume + 1 / (stored * water)
    return gives(rate=(G * (P - P_blood) / (1 + G * PERIOD * answer), mmol / s, "from tissue into blood"))


@membrane
def lactate_exchange(
    inside  = content(mmol/L, "lactate in the tissue"),
    outside = content(mmol/L, "lactate in the organ's blood"),
    k       = param(5.0, mL_s, "permeability times surface", "assumed: minutes between muscle and blood"),
):  # fmt: skip
    """Lactate goes where there is less of it."""
    return gives(rate=(k * (inside - outside), mmol / s, "from tissue into blood"))
