"""Thompson 1985: severe aortic regurgitation with a good ventricle."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "15 patients with severe aortic regurgitation: the patient with aortic regurgitation."


def experiment(lab: Lab):
    w = lab.person("aortic_regurgitation").measure()
    return lambda: {"thompson-ef": w("ejection_fraction")}


if __name__ == "__main__":
    tell(__file__)
