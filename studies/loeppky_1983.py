"""Loeppky 1983: how much carbon dioxide blood takes up as it gives oxygen away."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "20 healthy people in exercise and 20 patients with obstructed lungs: blood of 15 and 14 g/dL by the laboratory's curves."


def factor(Hb: float, PCO2: float, base_excess: float, low: float, high: float) -> float:
    """Carbon dioxide per oxygen bound, both in volume, at one PCO2, between two saturations."""
    from proband.laws import acid_base

    held = []
    for SO2 in (low, high):
        pH = acid_base.pH_of(PCO2, base_excess, Hb, SO2)
        held.append(
            acid_base.carbon_dioxide_content(pH, PCO2, acid_base.bicarbonate(pH, base_excess, Hb, SO2), Hb, SO2)
        )
    return (held[0] - held[1]) * 2.226 / (1.34 * Hb * (high - low))


def experiment(lab: Lab):
    return lambda: {
        "loeppky-exercise": factor(15.0, 42.0, -2.0, 0.35, 0.97),
        "loeppky-patients": factor(14.0, 45.0, 2.0, 0.88, 1.0),
    }


if __name__ == "__main__":
    tell(__file__)
