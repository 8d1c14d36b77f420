"""Noe 1989: flow of cannulae of several makes at one pressure.

Of the arterial ones the pressure across the cannula, of the venous ones that at the inlet of the pump, which the line from the cannula shares."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import L_min, Pa, m, mmHg, ms

COHORT = (
    "Bovine blood, haematocrit 40 %, 30 °C: cannulae of another make (Getinge HLS) of the same size, and blood of 3.7 mPa s. The line from a venous cannula "
    "to the pump, whose length is not told, is the circuit's of this laboratory, 3/8 inch."
)
SIZES = {"16": ("return", 200.0), "19": ("return", 200.0), "17": ("return", 200.0), "21": ("drainage", 300.0)}
LINE = 1.5 * m
BLOOD_AT_30 = 3.7 * ms * Pa  # assumed: + 2 to 3 % for each °C below 37


def experiment(lab: Lab):
    from proband.devices.ecmo.cannula import hls
    from proband.devices.ecmo.tubing import VISCOSITY, square_resistance

    def flow(size, use, pressure):
        R2, _ = hls(float(size), use).law(BLOOD_AT_30)
        if use == "drainage":
            line = square_resistance(LINE, at=6 * L_min).to(mmHg / L_min**2)
            R2 += (BLOOD_AT_30 / VISCOSITY).si ** 0.25 * line
        return (pressure / R2) ** 0.5

    return lambda: {f"noe-{size}": flow(size, use, pressure) for size, (use, pressure) in SIZES.items()}


if __name__ == "__main__":
    tell(__file__)
