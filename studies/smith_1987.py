"""Smith 1987: passive tilt of young adults, from 10° to 70°.

Neither the abstract nor Heldt's figure tells how long each angle was kept; graded tilts with impedance cardiography keep it for 5 min (assumed)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "15 young adults: the young adult. 30° is calibration, the other angles are not."
ANGLES = (10, 20, 30, 45, 70)


def experiment(lab: Lab):
    seen = {}
    for angle in ANGLES:
        person = lab.person("healthy_young")
        before = person.measure()
        seen[angle] = before, person.tilt(angle).wait(270 * s).measure(30 * s)

    def results():
        for angle, (before, after) in seen.items():
            for short, quantity in (("map", "mean_arterial"), ("sv", "stroke_volume"), ("hr", "heart_rate")):
                yield f"smith-{angle}-{short}", after(quantity) - before(quantity)

    return lambda: dict(results())


if __name__ == "__main__":
    tell(__file__)
