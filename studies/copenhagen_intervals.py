"""Isovolumic contraction, ejection and isovolumic relaxation of 1969 healthy people (Copenhagen City Heart Study)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import mean

WOMEN = 0.615
COHORT = "1969 healthy people of 46 years: the resting man and woman, by their shares."


def contraction(beat) -> float:
    return beat.ejection[0] - beat.filling[0]


def ejection(beat) -> float:
    begin, end = beat.ejection
    return end - begin


def relaxation(beat) -> float:
    return beat.filling[1] - beat.ejection[1]


def experiment(lab: Lab):
    def read(of):
        man, woman = (lab.bench(lambda sheet=sheet: mean(of, sheet)) for sheet in ("healthy_man", "healthy_woman"))
        return lambda: (1 - WOMEN) * man() + WOMEN * woman()

    rows = {f"copenhagen-{of.__name__}": read(of) for of in (contraction, ejection, relaxation)}
    return lambda: {row: of() for row, of in rows.items()}


if __name__ == "__main__":
    tell(__file__)
