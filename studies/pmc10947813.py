"""PMC10947813, the group with a weak right ventricle. Calibration: the ramp trial is matched to it, the pump's power too."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, with_heartmate3
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Nine HeartMate 3 and four HVAD: the supported patient on HeartMate 3, 5,400 rpm; not matched here."


def experiment(lab: Lab):
    w = lab.person("hfref_supported", {"lvad.speed": 5400}, changed=with_heartmate3, watch=PUMP).measure(30 * s)
    return lambda: {
        "pmc10947813-hr": w("heart_rate"),
        "pmc10947813-map": w("mean_arterial"),
        "pmc10947813-power": w("lvad.power"),
        "pmc10947813-flow": w("lvad.estimated_flow"),
        "pmc10947813-ef": w("ejection_fraction"),
        "pmc10947813-ra": w("central_venous"),
        "pmc10947813-pas": w("pulmonary_systolic"),
        "pmc10947813-pad": w("pulmonary_diastolic"),
    }


if __name__ == "__main__":
    tell(__file__)
