"""Somers 1993: arterial pressure and the traffic of sympathetic nerves to muscle in a Mueller manoeuvre of 20 s."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = (
    "Nine normal people, their age is not told: the young adult. The chest's pressure falls by 16 mmHg, which lowers the central venous pressure as theirs "
    "was; the diaphragm presses on the abdomen by two thirds of it, as in untrained people (Laporta & Grassino 1985)."
)
TONE = ("baroreflex.sympathetic", "cardiopulmonary.tone")  # together what the vessels' nerves carry, less that at rest


def experiment(lab: Lab):
    person = lab.person("healthy_young", changed=with_closed_airway, watch=TONE)
    before = person.measure()
    early = person.strain(-16 * mmHg, abdomen=-2 / 3).measure(10 * s)
    middle, late = person.measure(5 * s), person.measure(5 * s)
    released = person.strain(0 * mmHg).measure(15 * s)

    def traffic(window):
        return sum(window(t) - before(t) for t in TONE)

    return lambda: {
        "somers-cvp": (middle("central_venous") + late("central_venous")) / 2 - before("central_venous"),
        "somers-map": early.least("mean_arterial") - before("mean_arterial"),
        "somers-release": released.most("mean_arterial") - before("mean_arterial"),
        "somers-nerves-early": direction(traffic(early)),
    }


if __name__ == "__main__":
    tell(__file__)
