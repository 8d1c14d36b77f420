"""Pressure and volume in heart failure with a normal ejection fraction, by conductance catheter (2011)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "27 patients with diastolic dysfunction and symptoms: the sheet that has their stiffness; its rest volume is set to their end-diastolic point."


def experiment(lab: Lab):
    w = lab.person("diastolic_dysfunction", watch=["monitor.stroke_work"]).measure()
    return lambda: {
        "dhf-hr": w("heart_rate"),
        "dhf-esv": w("left_end_systolic_volume"),
        "dhf-sv": w("stroke_volume"),
        "dhf-sw": w("stroke_work"),
        "dhf-ef": w("ejection_fraction"),
        "dhf-edv": w("left_end_diastolic_volume"),
        "dhf-lvedp": w("left_end_diastolic"),
    }


if __name__ == "__main__":
    tell(__file__)
