"""Noe 1989: flow of cannulae of several makes at one pressure."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Bovine blood, haematocrit 40 %, 30 °C: cannulae of another make (Getinge HLS) of the same size, and blood of 3.7 mPa s."
SIZES = {"16": ("return", 200.0), "19": ("return", 200.0), "17": ("return", 200.0), "21": ("drainage", 300.0)}
BLOOD_AT_30 = (3.7 / 1.0) ** 0.25 * (
    1055 / 997
) ** 0.75  # over water, Blasius; viscosity assumed: + 2 to 3 % for each °C below 37


def experiment(lab: Lab):
    from proband.devices.ecmo.cannula import hls

    def flow(size, use, pressure):
        R2, _ = hls(float(size), use).law(BLOOD_AT_30)
        return (pressure / R2) ** 0.5

    return lambda: {f"noe-{size}": flow(size, use, pressure) for size, (use, pressure) in SIZES.items()}


if __name__ == "__main__":
    tell(__file__)
