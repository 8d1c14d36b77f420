"""Johnson 2015: six volunteers before they lose a litre. Calibration: the young adult's sheet was made from it."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Six healthy young adults lying: the young adult."


def experiment(lab: Lab):
    w = lab.person("healthy_young").measure()
    return lambda: {
        "johnson15-cvp": w("central_venous"),
        "johnson15-hr": w("heart_rate"),
        "johnson15-map": w("mean_arterial"),
        "johnson15-pp": w("pulse_pressure"),
        "johnson15-sv": w("stroke_volume"),
    }


if __name__ == "__main__":
    tell(__file__)
