"""Van de Bovenkamp: the right heart in heart failure with preserved ejection fraction and pulmonary hypertension."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "33 patients: heart failure with preserved ejection fraction."


def experiment(lab: Lab):
    w = lab.person("hfpef").measure()
    full, empty = "right_end_diastolic_volume", "right_end_systolic_volume"
    return lambda: {"bovenkamp-ra": w("central_venous"), "bovenkamp-rvef": 100 * (1 - w(empty) / w(full))}


if __name__ == "__main__":
    tell(__file__)
