"""Futagawa 2017: pressure lost in tracheal tubes and their slip joints at 30 L/min."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Tubes on a bench. The ventilator's tubes are made from these numbers."


def experiment(lab: Lab):
    from proband.devices.ventilator.tube import coefficients

    def loss(size):
        R1, R2, _ = coefficients(size)
        return R1 * 0.5 + R2 * 0.25

    return lambda: {f"futagawa-{size:g}": loss(size) for size in (6.0, 7.0, 8.0)}


if __name__ == "__main__":
    tell(__file__)
