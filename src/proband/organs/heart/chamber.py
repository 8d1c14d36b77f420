"""The four chambers: walls that contract, and that fill along an exponential."""

from proband.model import *
from proband.units import *


def wall_pressure(stretch, relaxed, active, E_max, P_0, k_E, K_s):
    """Pressure across a wall that is stretched by a volume beyond its rest, contracted and relaxed: Ursino 1998, with recoil below rest.

    Nothing is clipped: a relaxed chamber below its rest volume sucks, ever harder the emptier it gets."""
    passive = P_0 * (exp(k_E * relaxed) - 1)
    squeezed = minimum(relaxed, 0 * mL)
    return active * E_max * stretch + (1 - active) * passive - K_s * squeezed * squeezed


@compartment
def ventricle(
    volume       = state(140.0, mL, "blood in the chamber"),
    active       = reads(one,  "share of full contraction, 0 to 1"),
    bulge        = reads(mL,   "volume by which the septum bulges out of this chamber", otherwise=0.0),
    outside      = reads(mmHg, "pressure around the heart", otherwise=0.0),
    contractility = reads(one, "elastance relative to rest, set by the nerves", otherwise=1.0),
    strength = reads(one, "of this beat, by the intervals before it", otherwise=1.0),
    supplied = reads(one, "share of the elastance that its own blood supply bears", otherwise=1.0),
    ejection = reads(mL/s, "flow out through the arterial valve", otherwise=0.0),
    side  = param(1.0,   one,          "+1 where the bulge makes room in this chamber, −1 in its neighbour", "definition"),
    E_max = param(2.9,   mmHg/mL,      "elastance at full contraction", "Ursino 1998: 2.95", low=0, high=100),
    V_0   = param(16.77, mL,           "volume at which contraction makes no pressure", "Ursino 1998"),
    V_d   = param(16.77, mL,           "volume at which the relaxed wall bears no pressure", "Ursino 1998, as V_0; Nikolic 1988 (dogs): larger than V_0"),
    P_0   = param(1.5,   mmHg,         "scale of the filling curve",    "Ursino 1998", low=0),
    k_E   = param(0.014, one/mL,         "stiffness of the filling curve", "Ursino 1998", low=0),
    K_s   = param(0.1,   mmHg/(mL*mL), "recoil below the rest volume",  "assumed: −30 mmHg when all but empty, cf. Nikolic 1988 (dogs)", low=0),
    k_R   = param(0.0008, s/mL, "share of the active pressure lost per ejected flow",
                  "Ursino 1998: 0.000375 (left), 0.0014 (right); between the two, cf. Shroff 1985", low=0),
):  # fmt: skip
    """p = φ E_max (V − V_0) (1 − k_R Q) + (1 − φ) P_0 (exp k_E (V − V_d) − 1), with V the volume under the free wall.

    Muscle that shortens pulls less: the flow Q out of the chamber takes some of the active pressure away."""
    free = volume - side * bulge
    stretch = free - V_0
    E = E_max * contractility * strength * supplied
    across = wall_pressure(stretch, free - V_d, active, E - E * k_R * ejection, P_0, k_E, K_s)
    return gives(
        pressure=across + outside,
        transmural=(across, mmHg, "pressure across the free wall"),
        stretch=(stretch, mL, "volume beyond the rest volume"),
        elastance=(E, mmHg / mL, "elastance at full contraction, as the nerves set it"),
    )


@compartment
def atrium(
    volume  = state(60.0, mL, "blood in the chamber"),
    active  = reads(one,  "share of full contraction, 0 to 1"),
    outside = reads(mmHg, "pressure around the heart", otherwise=0.0),
    E_max   = param(0.61,  mmHg/mL,      "elastance at full contraction", "Heldt 2004, left atrium", low=0),
    V_0     = param(30.0,  mL,           "volume at zero pressure",       "Heldt 2004, left atrium: 24"),
    P_0     = param(6.0,   mmHg,         "scale of the filling curve",    "assumed: slope at rest 0.15–0.25 mmHg/mL, Korakianitis & Shi 2006", low=0),
    k_E     = param(0.017, one/mL,       "stiffness of the filling curve", "fitted: largest volume near 100 mL at rest (Hudsmith 2005)", low=0),
    K_s     = param(0.1,   mmHg/(mL*mL), "recoil below the rest volume",  "assumed: as in the ventricles", low=0),
):  # fmt: skip
    """The ventricle's law in a thinner wall, without a septum."""
    across = wall_pressure(volume - V_0, volume - V_0, active, E_max, P_0, k_E, K_s)
    return gives(pressure=across + outside, transmural=(across, mmHg, "pressure across the wall"))
