"""PMC7763717: healthy controls with a catheter in the right heart."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "36 healthy adults, half upright: the resting man, lying, since a half upright body cannot be set."


def experiment(lab: Lab):
    w = lab.person("healthy_man").measure()
    return lambda: {
        "catheter-hr": w("heart_rate"),
        "catheter-sv": w("stroke_volume"),
        "catheter-co": w("cardiac_output"),
        "catheter-sbp": w("systolic"),
        "catheter-dbp": w("diastolic"),
        "catheter-map": w("mean_arterial"),
        "catheter-ra": w("central_venous"),
        "catheter-pas": w("pulmonary_systolic"),
        "catheter-pad": w("pulmonary_diastolic"),
        "catheter-pam": w("pulmonary_mean"),
        "catheter-wedge": w("wedge"),
    }


if __name__ == "__main__":
    tell(__file__)
