"""Smith 1987: passive tilt of young adults, from 10° to 70°.

Neither the abstract nor Heldt's figure tells how long each angle was kept; graded tilts with impedance cardiography keep it for 5 min (assumed).
Pressure is read at an arm held at the heart's height, as a cuff reads it (assumed)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "15 young adults: the young adult. 30° is calibration, the other angles are not."
ANGLES = (10, 20, 30, 45, 70)


def experiment(lab: Lab):
    seen = {}
    for angle in ANGLES:
        person = lab.person("healthy_young", watch=[ARM])
        before = person.measure(60 * s)
        seen[angle] = before, person.tilt(angle).wait(240 * s).measure(60 * s)

    def results():
        for angle, (before, after) in seen.items():
            yield f"smith-{angle}-map", arm(after, "mean", angle) - arm(before, "mean")
            for short, quantity in (("sv", "stroke_volume"), ("hr", "heart_rate")):
                yield f"smith-{angle}-{short}", after(quantity) - before(quantity)

    return lambda: dict(results())


if __name__ == "__main__":
    tell(__file__)
