"""Guyton's curve: arterial pressure over the share of blood that is lost.

The dogs were anaesthetised, yet their reflexes worked: with the halved gains of Koolen's patients the man here would keep 57 % of his pressure after losing a fifth
of his blood, where they kept 98 %. So he is awake."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import blood
from proband.evidence.scoring.study import tell
from proband.units import L, s

COHORT = "Anaesthetised dogs, acute bleed: no dog lives here, so the resting man loses the same share of his blood within 5 min."
SHARES = (5, 10, 15, 20, 25, 30, 35, 40)


def experiment(lab: Lab):
    seen = {}
    for share in SHARES:
        person = lab.person("healthy_man")
        before = person.measure()
        lost = share / 100 * blood("healthy_man") * L
        seen[share] = before, person.bleed(lost, over=270 * s).measure(30 * s)
    return lambda: {
        f"guyton-bleed-{share}": 100 * after("mean_arterial") / before("mean_arterial")
        for share, (before, after) in seen.items()
    }


if __name__ == "__main__":
    tell(__file__)
