"""Godfrey 2014: the legs of a lying volunteer are raised by 45°, and an echocardiogram is read before and 30 s, 1, 3 and 5 min afterwards.

What was averaged is each volunteer's largest rise among four readings. No reading is exact, and the largest of four picks the one that errs upwards. So
the readings scatter here as readings of healthy people do, and the largest of them is averaged over many volunteers of the same body."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import legs_alone
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "11 healthy volunteers: the young adult, of whose body only the legs are tilted, head down by 45°."
# Two readings of the flow's velocity integral by one observer differ by 11 % before they differ significantly (Jozwiak 2019): 1.96 √2 times the scatter of one.
STROKE_SCATTER = 0.11 / (1.96 * 2**0.5)
# Beats of someone who rests vary by 50 ms in 926 ms (Nunan 2010, 44 studies); a reading lasts three beats, far shorter than most of that takes.
RATE_SCATTER = 50 / 926
VOLUNTEERS = 20_000


def largest_rise(before: float, after: list[float], scatter: float, seed: int = 2014) -> float:
    """Mean over volunteers of the largest rise in percent; each reading scatters by a share of itself."""
    chance = np.random.default_rng(seed)
    first = before * (1 + scatter * chance.standard_normal((VOLUNTEERS, 1)))
    later = np.array(after) * (1 + scatter * chance.standard_normal((VOLUNTEERS, len(after))))
    return float(np.mean(100 * (np.max(later, axis=1, keepdims=True) / first - 1)))


def experiment(lab: Lab):
    person = lab.person("healthy_young", changed=legs_alone)
    before = person.measure()
    person.tilt(-45)
    after = [
        person.wait(20 * s).measure(20 * s),
        person.wait(20 * s).measure(),
        person.wait(100 * s).measure(),
        person.wait(100 * s).measure(),
    ]

    def largest(quantity):
        """Of either sign: what scatters upwards and downwards cancels out."""
        return max((100 * (w(quantity) / before(quantity) - 1) for w in after), key=abs)

    return lambda: {
        "godfrey-sv": largest("stroke_volume"),
        "godfrey-ci": largest_rise(
            before("native_flow"), [w("native_flow") for w in after], float(np.hypot(STROKE_SCATTER, RATE_SCATTER))
        ),
    }


if __name__ == "__main__":
    tell(__file__)
