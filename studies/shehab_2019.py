"""Shehab 2019: a leaking aortic valve under an HVAD.

A mock loop: nothing answers the leak, so that the body here has no reflexes."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import PUMP, with_hvad, with_part, without_nerves
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.organs.heart import regurgitant_valve

COHORT = "A mock loop, a leaflet removed: severe heart failure without reflexes on HVAD at 2,800 rpm, a hole of 0.5 cm² in the aortic valve or none."


def leaking(body: Body) -> Body:
    """The aortic valve with a hole, and an HVAD."""
    valve = regurgitant_valve("left_ventricle", "aorta")
    body = with_part(body, "aortic_valve", valve)
    if "ejection" in body.parts["left_ventricle"].component.rows:
        body = body.with_wires({"left_ventricle.ejection": "aortic_valve.column"})
    return with_hvad(without_nerves(body))


def experiment(lab: Lab):
    sound, leak = (
        lab.person(
            "hfref_severe", {"lvad.speed": 2800, "aortic_valve.hole": hole}, changed=leaking, watch=PUMP
        ).measure()
        for hole in (1e-4, 0.5)
    )

    def pulse(w):
        return (w.most("lvad.flow") - w.least("lvad.flow")) / w("lvad.flow")

    return lambda: {
        "shehab-pump": direction(leak("lvad.flow") - sound("lvad.flow")),
        "shehab-systemic": direction(
            leak("cardiac_output") / leak("lvad.flow") - sound("cardiac_output") / sound("lvad.flow")
        ),
        "shehab-pulsatility": direction(pulse(leak) - pulse(sound)),
    }


if __name__ == "__main__":
    tell(__file__)
