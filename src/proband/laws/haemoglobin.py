"""Oxygen in blood. Empirical curves, in the units of their papers: mmHg, g/dL, mL(STPD)/dL, °C."""

from proband.model import exp

LN10 = 2.302585092994046
CAPACITY = 1.34  # mL O2 a gram of haemoglobin binds (in vivo; Nunn)
SOLUBILITY = 0.0031  # mL O2 / (dL mmHg) at 37 °C (Roughton & Severinghaus 1973)
P50_OF_CURVE = 26.86  # mmHg, at which Severinghaus' curve is half saturated


def standard_pressure(PO2, pH, T=37.0, P50=P50_OF_CURVE):
    """The PO2 that saturates as much at pH 7.4 and 37 °C: Bohr coefficient −0.48, −0.024/°C (Severinghaus 1979)."""
    return PO2 * exp(LN10 * (0.48 * (pH - 7.4) - 0.024 * (T - 37.0))) * (P50_OF_CURVE / P50)


def saturation(P):
    """Share of haemoglobin that has oxygen at a standard PO2 (Severinghaus, J Appl Physiol 1979; 46:599)."""
    cubic = P * (P * P + 150.0)
    return cubic / (cubic + 23400.0)


def oxygen_content(PO2, pH, Hb, T=37.0, P50=P50_OF_CURVE):
    """mL O2 in a dL of blood: bound and dissolved."""
    return CAPACITY * Hb * saturation(standard_pressure(PO2, pH, T, P50)) + SOLUBILITY * PO2
