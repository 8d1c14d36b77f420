"""Huang 2008: how long oxygen lasts that was breathed up to the last breath."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import FALLEN, WATCH, anaesthetised, lungs_of, needing, seconds_to
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 adults, two minutes of oxygen before induction and 80 s from there to the last breath, then apnoea in air: the man who breathes, who is 45 and whose small airways close as at that age (the abstract tells no age); under anaesthesia he needs 0.85 of the oxygen (Nunn)."


def experiment(lab: Lab):
    man = lab.body("breathing_man")
    rows = {**lungs_of(man, 45), **needing(man, 0.85)}
    person = lab.person("breathing_man", rows, watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(200 * s)
    anaesthetised(person, FALLEN).breathe(0.2095)
    seen = [person.measure(15 * s) for _ in range(50)]
    return lambda: {"huang-adults": seconds_to(seen, 90)}


if __name__ == "__main__":
    tell(__file__)
