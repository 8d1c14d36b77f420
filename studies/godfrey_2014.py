"""Godfrey 2014: the legs of a lying volunteer are raised by 45°."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import cm, s

COHORT = "11 healthy volunteers: the young adult, of whose body only the legs are tilted, head down by 45°."


def legs_alone(body: Body) -> Body:
    """Tilting moves the legs and nothing else."""
    level = {
        f"{name}.drop": 0 * cm
        for name, part in body.parts.items()
        if "drop" in part.component.rows and name not in ("iliac_arteries", "femoral_veins")
    }
    return body.with_values(level)


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
        return max((100 * (w(quantity) / before(quantity) - 1) for w in after), key=abs)

    return lambda: {"godfrey-sv": largest("stroke_volume"), "godfrey-ci": largest("native_flow")}


if __name__ == "__main__":
    tell(__file__)
