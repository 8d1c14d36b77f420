"""Asymptomatic patients on HeartMate II, at rest."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, surface, with_heartmate2
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "23 patients, months after implantation: the supported patient, whose sheet is matched to their four pressures (on HeartMate 3); 9,400 rpm."


def experiment(lab: Lab):
    w = lab.person("hfref_supported", {"lvad.speed": 9400}, changed=with_heartmate2, watch=PUMP).measure(30 * s)
    return lambda: {
        "hm2-rest-ra": w("central_venous"),
        "hm2-rest-pa": w("pulmonary_mean"),
        "hm2-rest-wedge": w("wedge"),
        "hm2-rest-ci": w("cardiac_output") / surface("hfref_supported"),
        "hm2-rest-map": w("mean_arterial"),
        "hm2-rest-pi": w("lvad.pulsatility_index"),
    }


if __name__ == "__main__":
    tell(__file__)
