"""Gas exchange of blood that streams across hollow fibres: diffusion through the boundary layer, with haemoglobin's help.

Blood carries far more oxygen than its plasma dissolves: with λ the bound over the dissolved oxygen per pressure, its
capacity is (1 + λ) times as large, its effective diffusivity (1 + λ) times as small (Mockros & Leonard 1985, J Biomech
Eng 107; Vaslef 1994, ASAIO J 40:990). With Sh ∝ Sc^⅓ both together leave NTU ∝ (1 + λ)^(−⅔). Carbon dioxide alike; of its
few tens of mmHg a fibre with a skin against plasma takes some of its own, which of oxygen's hundreds is nothing.

Numbers: m², m, m²/s, mmHg, mmol/L, L/s."""

from __future__ import annotations

from proband.laws import acid_base
from proband.laws.haemoglobin import CAPACITY, LN10, SOLUBILITY, saturation
from proband.model import exp, limited, log, maximum, where

O2_MMOL = 10 / 22.4  # mmol/L per mL(STPD)/dL
ALPHA_O2 = SOLUBILITY * O2_MMOL  # mmol/(L mmHg)
ALPHA_CO2 = 0.0307  # mmol/(L mmHg) at 37 °C (Douglas 1988)
APART = 0.12  # of pH, between the two points that tell the power: about a third of PCO2, what blood loses on its way
HELP = 0.25  # share of bicarbonate that diffuses along with CO2; assumed: 0 would leave RQ at 0.5, 1 that of a gas at equilibrium
HALDANE = 0.25  # CO2 that a bound mmol of O2 drives out at one PCO2 (Christiansen, Douglas & Haldane 1914: 0.2–0.3)


def sherwood(Re, Sc):
    """Flow across a bundle of fibres: Sh = 0.90 Re^0.40 Sc^⅓ (Yang & Cussler 1986, AIChE J 32:1910)."""
    return 0.90 * exp(0.40 * log(Re)) * exp(log(Sc) / 3)


def transfer_units(flow, area, frontal, fibre, D, nu):
    """NTU of a gas that is only dissolved: D Sh A / (d Q). `frontal` is the section that the blood streams through."""
    speed = flow * 1e-3 / frontal  # m/s
    return D * sherwood(speed * fibre / nu, nu / D) * area / (fibre * flow * 1e-3)


def slowed(ratio):
    """(1 + λ)^(−⅔): what binding leaves of NTU. `ratio` is 1 + λ."""
    return exp(-2 / 3 * log(ratio))


def oxygen_slope(P):
    """Slope of Severinghaus' saturation over standard PO2, 1/mmHg."""
    cubic = P * (P * P + 150.0)
    return 23400.0 * (3 * P * P + 150.0) / ((cubic + 23400.0) * (cubic + 23400.0))


def bound(P, Hb):
    """Oxygen on haemoglobin at a standard PO2, mmol/L."""
    return CAPACITY * Hb * saturation(P) * O2_MMOL


def oxygenated(P, P_gas, NTU, Hb, shift, cells=6):
    """PO2 of blood that leaves, by `cells` exponential steps along the bundle. `shift` turns PO2 into a standard one."""
    for _ in range(cells):
        here = NTU / cells * slowed(1 + CAPACITY * Hb * O2_MMOL * shift * oxygen_slope(P * shift) / ALPHA_O2)
        there = P_gas - (P_gas - P) * exp(-here)
        # The chord between the ends of the step, which is what the step has to fill, in place of the slope at its start.
        span = maximum(abs(there - P), 1e-3)
        chord = abs(bound(there * shift, Hb) - bound(P * shift, Hb)) / span
        here = NTU / cells * slowed(1 + chord / ALPHA_O2)
        P = P_gas - (P_gas - P) * exp(-here)
    return P


def oxygenated_at(pH, base_excess, Hb):
    """PCO2 (mmHg) and CO2 content (mmol/L) of blood that is full of oxygen."""
    HCO3 = maximum(acid_base.bicarbonate(pH, base_excess, Hb, 1.0), 0.5)
    P = acid_base.carbon_dioxide_pressure(pH, HCO3)
    return P, acid_base.carbon_dioxide_content(pH, P, HCO3, Hb, 1.0)


def content_power(pH, base_excess, Hb):
    """The power of PCO2 with which the CO2 content of oxygenated blood goes, from this pH on towards less of it.

    0.41 in the blood of ISO 7199, less in thin blood (0.37 at 10 g/dL) and where there is much carbon dioxide (0.33 at pH 7.05)."""
    P, content = oxygenated_at(pH, base_excess, Hb)
    P_less, content_less = oxygenated_at(pH + APART, base_excess, Hb)
    return log(content / content_less) / log(P / P_less)


def decarbonated(P, P_gas, NTU, content, power, wall, rounds=4):
    """PCO2 of blood that leaves, and what it has lost (mmol/L): content goes with PCO2 to a `power`.

    `wall`: what the fibres' wall passes per flow of blood, mmol/(L mmHg); it lies in series with the blood's boundary layer."""
    out = 0.7 * P + 0.3 * P_gas
    lost = 0.0 * P
    for _ in range(rounds):
        lost = content * (1 - exp(power * log(out / P)))
        apart = P - out
        chord = lost / where(abs(apart) > 1e-3, apart, 1e-3)
        ratio = maximum(chord / ALPHA_CO2, 1.0)
        here = NTU * slowed(ratio) / slowed(1 + HELP * (ratio - 1))
        here = here / (1 + here * ratio * ALPHA_CO2 / wall)
        out = maximum(P_gas + (P - P_gas) * exp(-here), 0.5)
    return out, content * (1 - exp(power * log(out / P)))


def along_fibre(leaving):
    """Mean over the length of a fibre of what its gas gathers, as a share of what leaves with it; `leaving` is the latter over
    what the blood outside has. Half where the gas carries off little, more where it fills up on its way: e^(−N z)."""
    x = limited(leaving, 0.02, 0.98)
    return 1 / x + 1 / log(1 - x)


def exchanged(
    flow, PO2, PCO2, pH, CO2, base_excess, Hb, gas_O2, gas_CO2, area, frontal, fibre, nu, D_O2, D_CO2, permeance
):
    """What a litre of blood gains of O2 and loses of CO2 (mmol/L), and its PO2 and PCO2 as it leaves (mmHg).

    `flow` in L/s, `CO2` its content in mmol/L, `gas_…` the mean partial pressures on the gas side, `permeance` of the fibres'
    wall for carbon dioxide in mmol/(s m² mmHg). Backflow exchanges as much: the bundle has no direction. Below 0.1 L/min the
    blood counts as flowing at 0.1 L/min."""
    flow = maximum(abs(flow), 0.1 / 60)
    acidity = limited(pH, 6.6, 8.0)
    shift = exp(LN10 * 0.48 * (acidity - 7.4))
    units = [transfer_units(flow, area, frontal, fibre, D, nu) for D in (D_O2, D_CO2)]
    out_O2 = oxygenated(PO2, gas_O2, units[0], Hb, shift)
    bound_more = bound(out_O2 * shift, Hb) - bound(PO2 * shift, Hb)
    gained = bound_more + ALPHA_O2 * (out_O2 - PO2)
    # Haldane: oxygen drives CO2 out, as if the blood had come with more pressure of it.
    power = content_power(acidity, base_excess, Hb)
    driven = PCO2 * exp(log(1 + HALDANE * bound_more / CO2) / power)
    out_CO2, lost = decarbonated(driven, gas_CO2, units[1], CO2, power, permeance * area / flow)
    return gained, lost, out_O2, out_CO2
