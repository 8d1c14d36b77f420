"""Asymptomatic patients on HeartMate II, at rest."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface, with_heartmate2
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, PATIENT, at_speeds, mean, people

PEOPLE = 40
COHORT = f"23 patients, half a year after implantation: {PEOPLE} {ABOUT}, whose sheet is matched to their four pressures (on HeartMate 3); all at 9,400 rpm."


def experiment(lab: Lab):
    seen = at_speeds(lab, people(lab, PEOPLE), [9400.0] * PEOPLE, with_heartmate2)
    return lambda: {
        "hm2-rest-ra": mean(seen, "central_venous"),
        "hm2-rest-pa": mean(seen, "pulmonary_mean"),
        "hm2-rest-wedge": mean(seen, "wedge"),
        "hm2-rest-ci": mean(seen, "cardiac_output") / surface(PATIENT),
        "hm2-rest-map": mean(seen, "mean_arterial"),
        "hm2-rest-pi": mean(seen, "lvad.pulsatility_index"),
    }


if __name__ == "__main__":
    tell(__file__)
