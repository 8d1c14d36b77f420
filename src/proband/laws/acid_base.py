"""Carbon dioxide and acids in blood. Empirical curves, in the units of their papers: mmHg, mmol/L, g/dL, °C.

Acid–base is Siggaard-Andersen's: the base excess of the blood, fully oxygenated, is what metabolism changes; pH and PCO2
follow from it and from the content of CO2. Haldane's effect enters twice, as it does in blood: haemoglobin without
oxygen takes up hydrogen ions, and carries carbamate."""

from proband.model import exp

LN10 = 2.302585092994046


def solubility(T=37.0):
    """Of CO2 in plasma, mmol/(L mmHg) (Douglas, Jones & Reed, J Appl Physiol 1988; 65:473)."""
    return 0.0307 + 0.00057 * (37.0 - T) + 0.00002 * (37.0 - T) * (37.0 - T)


def apparent_pK(pH, T=37.0):
    """pK′ of carbonic acid in plasma (Kelman 1967, as in Douglas 1988)."""
    return 6.086 + 0.042 * (7.4 - pH) + (38.0 - T) * (0.00472 + 0.00139 * (7.4 - pH))


def bicarbonate(pH, base_excess, Hb, SO2):
    """Plasma bicarbonate, mmol/L, by the Van Slyke equation (Siggaard-Andersen 1977; NCCLS C12-A for the constants).

    `base_excess` is that of the blood when it is fully oxygenated; without oxygen it is 0.2 mmol/g more (Zander 2006)."""
    actual = base_excess + 0.2 * Hb * (1.0 - SO2)
    return actual / (1.0 - 0.014 * Hb) + 24.8 - (1.43 * Hb + 7.7) * (pH - 7.4)


def base_excess(pH, HCO3, Hb, SO2):
    """The inverse of `bicarbonate`: base excess of the oxygenated blood, mmol/L."""
    return (1.0 - 0.014 * Hb) * (HCO3 - 24.8 + (1.43 * Hb + 7.7) * (pH - 7.4)) - 0.2 * Hb * (1.0 - SO2)


def carbon_dioxide_pressure(pH, HCO3, T=37.0):
    """PCO2, mmHg, by Henderson and Hasselbalch."""
    return HCO3 * exp(LN10 * (apparent_pK(pH, T) - pH)) / solubility(T)


def carbon_dioxide_content(pH, PCO2, HCO3, Hb, SO2, T=37.0):
    """CO2 of whole blood, mmol/L (Douglas 1988: that of plasma, less what the red cells' lower content takes away)."""
    plasma = HCO3 + solubility(T) * PCO2
    return plasma * (1.0 - 0.0289 * Hb / ((3.352 - 0.456 * SO2) * (8.142 - pH)))


def pH_of(PCO2, base_excess, Hb, SO2=1.0, T=37.0, rounds=8):
    """The pH at which blood with this base excess has this PCO2, by Newton's method (for plain numbers: data and tests)."""
    import math

    # The Van Slyke line has no bicarbonate left at this pH: the answer lies below it, and no step may cross it.
    emptied = 7.4 + bicarbonate(7.4, base_excess, Hb, SO2) / (1.43 * Hb + 7.7)
    pH = min(7.4, emptied - 0.05)
    for _ in range(rounds):

        def miss(x):
            return math.log(carbon_dioxide_pressure(x, bicarbonate(x, base_excess, Hb, SO2), T) / PCO2)

        slope = (miss(pH + 1e-5) - miss(pH - 1e-5)) / 2e-5
        pH = min(pH - miss(pH) / slope, (pH + emptied) / 2)
    return pH
