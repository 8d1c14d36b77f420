"""Ricci 2018: how long blood is in the lungs, by the first passage of a contrast medium.

From one ventricle to the other: what is counted are the lungs' vessels and the left atrium. The controls were matched to the patients by sex, of whom 91
were men."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface
from proband.evidence.scoring.places_of_blood import LEFT, LUNGS, held
from proband.evidence.scoring.study import tell

COHORT = "53 controls, as many men among them as among the patients: the resting man counts 91 times of 112, the resting woman 21. 112 outpatients with heart failure: moderate heart failure."
BETWEEN = (*LUNGS, LEFT[0])


def experiment(lab: Lab):
    seen = {
        sheet: lab.person(sheet, watch=BETWEEN).measure()
        for sheet in ("healthy_man", "healthy_woman", "hfref_moderate")
    }

    def volume(sheet):
        return held(seen[sheet], BETWEEN) / surface(sheet)

    def time(sheet):
        return held(seen[sheet], BETWEEN) / (seen[sheet]("cardiac_output") * 1000 / 60)

    def of_controls(measure):
        return (91 * measure("healthy_man") + 21 * measure("healthy_woman")) / 112

    return lambda: {
        "ricci-control-volume": of_controls(volume),
        "ricci-control-time": of_controls(time),
        "ricci-failure-volume": volume("hfref_moderate"),
        "ricci-failure-time": time("hfref_moderate"),
    }


if __name__ == "__main__":
    tell(__file__)
