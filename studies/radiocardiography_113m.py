"""Blood in the heart's halves and in the lungs by radiocardiography."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface
from proband.evidence.scoring.places_of_blood import LEFT, LUNGS, RIGHT, held
from proband.evidence.scoring.study import tell

COHORT = "14 healthy people lying: the resting man."


def experiment(lab: Lab):
    w = lab.person("healthy_man", watch=(*RIGHT, *LEFT, *LUNGS)).measure()
    area = surface("healthy_man")
    return lambda: {
        "radio-right": held(w, RIGHT) / area,
        "radio-left": held(w, LEFT) / area,
        "radio-lungs": held(w, LUNGS) / area,
        "radio-time": held(w, LUNGS) / (w("cardiac_output") * 1000 / 60),
    }


if __name__ == "__main__":
    tell(__file__)
