"""Gases that cross between gas and blood.

What crosses in one period is found as if the pressures on both sides answered at once (a linearly implicit step): a
wall that lets gas through far faster than a period ends in equilibrium instead of beyond it."""

from proband.laws import gas
from proband.model import *
from proband.units import *

PERIOD = 10 * ms  # of the substances


@membrane
def diffusion(
    P_gas        = reads(mmHg, "partial pressure in the gas"),
    P_blood      = reads(mmHg, "partial pressure in the capillaries' blood"),
    P_arriving   = reads(mmHg, "partial pressure in the blood that arrives"),
    here         = reads(mmol/L, "content of the capillaries' blood"),
    arriving     = reads(mmol/L, "content of the blood that arrives"),
    slope        = reads(mmHg*L/mmol, "rise of the blood's pressure with its content"),
    flow         = reads(mL_s, "blood that arrives"),
    gas_volume   = reads(mL,   "gas on this side"),
    blood_volume = reads(mL,   "blood on that side"),
    open_share   = reads(one,  "share of the wall that gas and blood both reach", otherwise=1.0),
    D            = param(5.0, mL_min/mmHg, "diffusing capacity, volume as STPD", "Nunn's Applied Respiratory Physiology: 25-30 mL/(min mmHg) for O2 in all at rest; carbon dioxide 20 times that"),
    d            = param(1.0, one, "that of the gas over that of oxygen", "definition"),
):  # fmt: skip
    """Fick along a capillary: of the difference in pressure, exp(−D / Qβ) is left at its end (Piiper & Scheid 1981).

    The capillaries are one well-mixed compartment; its conductance is the one that leaves the same difference. β is the
    content that blood gains per pressure between its arrival and now."""
    G = D * d * open_share / gas.STPD_VOLUME
    gained = P_blood - P_arriving
    content, pressure = 1 * mmol / L, slope * (1 * mmol / L)
    if absolute(gained) > 2 * mmHg:
        content, pressure = here - arriving, gained
    beta = content / pressure
    Q_beta = maximum(flow, 0.2 * mL_s) * maximum(beta, 0.002 * mmol / (L * mmHg))
    well_mixed = Q_beta * (exp(minimum(G / Q_beta, 7.0)) - 1)
    answer = gas.RT / gas_volume + slope / blood_volume
    return gives(
        rate=(well_mixed * (P_gas - P_blood) / (1 + well_mixed * PERIOD * answer), mmol / s, "from gas into blood")
    )


@membrane
def dissolving(
    inside       = content(mmol/L, "concentration in the gas"),
    outside      = content(mmol/L, "concentration in the blood"),
    gas_volume   = reads(mL, "gas on this side"),
    blood_volume = reads(mL, "blood on that side"),
    k     = param(2.0, mL/(s*mmHg), "conductance, volume as STPD", "assumed: in equilibrium within a period, as inert gases are within the capillary (Wagner, Saltzman & West 1974)"),
    alpha = param(7.5e-4, mmol/(L*mmHg), "solubility in blood", "nitrogen 0.0128 mL/(mL atm) at 37 °C (Weathersby & Homer 1980, as remembered)"),
):  # fmt: skip
    """An inert gas obeys Henry: its pressure in blood is content over solubility."""
    G = k / gas.STPD_VOLUME
    answer = gas.RT / gas_volume + 1 / (alpha * blood_volume)
    difference = gas.partial_pressure(inside) - outside / alpha
    return gives(rate=(G * difference / (1 + G * PERIOD * answer), mmol / s, "from gas into blood"))
