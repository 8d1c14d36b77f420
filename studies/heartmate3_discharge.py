"""HeartMate 3 after its approval: patients on the day they go home."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import PUMP, with_heartmate3
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "92 patients: the supported patient, though he is months rather than weeks after implantation; 5,300 rpm; the flow is the console's, as theirs was."


def experiment(lab: Lab):
    w = lab.person("hfref_supported", {"lvad.speed": 5300}, changed=with_heartmate3, watch=PUMP).measure(30 * s)
    return lambda: {"discharge-flow": w("lvad.estimated_flow")}


if __name__ == "__main__":
    tell(__file__)
