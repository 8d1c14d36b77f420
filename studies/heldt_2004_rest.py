"""Heldt 2004, Table 4.1: a healthy adult at rest. Calibration: the resting man's sheet was made from it."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface
from proband.evidence.scoring.study import tell

COHORT = "Healthy adults lying: the resting man."


def experiment(lab: Lab):
    w = lab.person("healthy_man").measure()
    area = surface("healthy_man")
    return lambda: {
        "heldt-rest-systolic": w("systolic"),
        "heldt-rest-mean": w("mean_arterial"),
        "heldt-rest-diastolic": w("diastolic"),
        "heldt-rest-rv-systolic": w("right_systolic"),
        "heldt-rest-pa-systolic": w("pulmonary_systolic"),
        "heldt-rest-pa-mean": w("pulmonary_mean"),
        "heldt-rest-lv-systolic": w("left_systolic"),
        "heldt-rest-lvedp": w("left_end_diastolic"),
        "heldt-rest-lvedvi": w("left_end_diastolic_volume") / area,
        "heldt-rest-ci": w("cardiac_output") / area,
        "heldt-rest-hr": w("heart_rate"),
        "heldt-rest-svr": (w("mean_arterial") - w("central_venous")) / (w("cardiac_output") * 1000 / 60),
    }


if __name__ == "__main__":
    tell(__file__)
