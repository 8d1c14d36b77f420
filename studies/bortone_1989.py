"""Bortone 1989: the filled ventricle in dilated cardiomyopathy."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Ten controls and seven patients with dilated cardiomyopathy: the resting man and moderate heart failure."


def experiment(lab: Lab):
    control, ill = (lab.person(sheet).measure() for sheet in ("healthy_man", "hfref_moderate"))
    return lambda: {
        "bortone-control-lvedp": control("left_end_diastolic"),
        "bortone-control-ef": control("ejection_fraction"),
        "bortone-dcm-lvedp": ill("left_end_diastolic"),
        "bortone-dcm-ef": ill("ejection_fraction"),
    }


if __name__ == "__main__":
    tell(__file__)
