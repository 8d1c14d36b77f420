"""Shi 2023: two minutes of mask and bag at induction, with 1 to 8 L/min of fresh oxygen, and how long that lasts."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    ASIDE,
    DRY,
    FALLEN,
    OXYGEN_AT_THE_MOUTH,
    WATCH,
    anaesthetised,
    at_a_circle,
    before_the_mouth,
    joined_to_the_circle,
    lungs_of,
    needing,
    seconds_to,
    taken_off,
)
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "72 patients in four groups at induction: the man who breathes, with lungs of 45 years (the abstract tells no age), who breathes air, stops, and gets 12 breaths a minute of some 8 mL/kg through mask (100 mL) and circle, which was filled with oxygen (assumed, all of it); under anaesthesia he needs 0.85 of the oxygen (Nunn); then apnoea in air."
FLOWS = (1, 2, 4, 8)  # L/min
BY_HAND = {"circle.squeeze": 7.0, "circle.squeeze_rate": 12.0, "circle.relief_pressure": 7.0}


def experiment(lab: Lab):
    man = lab.body("breathing_man")
    rows = {**lungs_of(man, 45), **needing(man, 0.85), **before_the_mouth(100)}
    given, lasted = {}, {}
    for flow in FLOWS:
        told = {**rows, **ASIDE, "circle.oxygen_flow": float(flow)}
        person = lab.person(
            "breathing_man", told, changed=at_a_circle, watch=(*WATCH, OXYGEN_AT_THE_MOUTH), settle=180 * s
        )
        joined_to_the_circle(anaesthetised(person, FALLEN))
        for command, value in BY_HAND.items():
            person.set(command, value)
        given[flow] = person.wait(115 * s).measure(5 * s)
        taken_off(person.set("circle.squeeze", 0.0))
        lasted[flow] = [person.measure(15 * s) for _ in range(40)]
    return lambda: (
        {f"shi-{flow}": 100 * w.least(OXYGEN_AT_THE_MOUTH) / DRY for flow, w in given.items()}
        | {f"shi-{flow}-time": seconds_to(windows, 90) for flow, windows in lasted.items()}
    )


if __name__ == "__main__":
    tell(__file__)
