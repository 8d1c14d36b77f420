"""Ahn 1989: 90 s of suction at 20, 40 and 60 mmHg."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import ARM, arm
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = (
    "Eight adults: the young adult. Stroke volume and heart rate at 20 and 40 mmHg are calibration, the rest is not."
)


def experiment(lab: Lab):
    seen = {}
    for suction in (20, 40, 60):
        person = lab.person("healthy_young", watch=[ARM])
        before = person.measure(60 * s)
        seen[suction] = before, person.suck(suction * mmHg).wait(60 * s).measure(30 * s)

    def results():
        for suction, (before, after) in seen.items():
            yield f"ahn-{suction}-map", arm(after, "mean") - arm(before, "mean")
            for short, quantity in (("sv", "stroke_volume"), ("hr", "heart_rate")):
                yield f"ahn-{suction}-{short}", after(quantity) - before(quantity)

    return lambda: dict(results())


if __name__ == "__main__":
    tell(__file__)
