"""Gas exchange of blood that streams across hollow fibres: diffusion through the boundary layer, with haemoglobin's help.

Blood carries far more oxygen than its plasma dissolves: with λ the bound over the dissolved oxygen per pressure, its
capacity is (1 + λ) times as large, its effective diffusivity (1 + λ) times as small (Mockros & Leonard 1985, J Biomech
Eng 107; Vaslef 1994, ASAIO J 40:990). With Sh ∝ Sc^⅓ both together leave NTU ∝ (1 + λ)^(−⅔). Carbon dioxide alike.

Numbers: m², m, m²/s, mmHg, mmol/L, L/s."""

from __future__ import annotations

from proband.laws.haemoglobin import CAPACITY, LN10, SOLUBILITY, saturation
from proband.model import exp, limited, log, maximum, where

O2_MMOL = 10 / 22.4  # mmol/L per mL(STPD)/dL
ALPHA_O2 = SOLUBILITY * O2_MMOL  # mmol/(L mmHg)
ALPHA_CO2 = 0.0307  # mmol/(L mmHg) at 37 °C (Douglas 1988)
CO2_POWER = 0.40  # CO2 content of blood goes with PCO2 to about this power between 20 and 60 mmHg
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


def decarbonated(P, P_gas, NTU, content, rounds=4):
    """PCO2 of blood that leaves, and what it has lost (mmol/L): content goes with PCO2 to the power `CO2_POWER`."""
    out = 0.7 * P + 0.3 * P_gas
    lost = 0.0 * P
    for _ in range(rounds):
        lost = content * (1 - exp(CO2_POWER * log(out / P)))
        apart = P - out
        chord = lost / where(abs(apart) > 1e-3, apart, 1e-3)
        ratio = maximum(chord / ALPHA_CO2, 1.0)
        here = NTU * slowed(ratio) / slowed(1 + HELP * (ratio - 1))
        out = maximum(P_gas + (P - P_gas) * exp(-here), 0.5)
    return out, content * (1 - exp(CO2_POWER * log(out / P)))


def exchanged(flow, PO2, PCO2, pH, CO2, Hb, gas_O2, gas_CO2, area, frontal, fibre, nu, D_O2, D_CO2):
    """What a litre of blood gains of O2 and loses of CO2 (mmol/L), and its PO2 and PCO2 as it leaves (mmHg).

    `flow` in L/s, `CO2` its content in mmol/L, `gas_…` the mean partial pressures on the gas side. Backflow exchanges
    as much: the bundle has no direction. Below 0.1 L/min the blood counts as flowing at 0.1 L/min."""
    flow = maximum(abs(flow), 0.1 / 60)
    shift = exp(LN10 * 0.48 * (limited(pH, 6.6, 8.0) - 7.4))
    units = [transfer_units(flow, area, frontal, fibre, D, nu) for D in (D_O2, D_CO2)]
    out_O2 = oxygenated(PO2, gas_O2, units[0], Hb, shift)
    bound_more = bound(out_O2 * shift, Hb) - bound(PO2 * shift, Hb)
    gained = bound_more + ALPHA_O2 * (out_O2 - PO2)
    # Haldane: oxygen drives CO2 out, as if the blood had come with more pressure of it.
    driven = PCO2 * exp(log(1 + HALDANE * bound_more / CO2) / CO2_POWER)
    out_CO2, lost = decarbonated(driven, gas_CO2, units[1], CO2)
    return gained, lost, out_O2, out_CO2
