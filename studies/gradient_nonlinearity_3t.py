"""Bent gradients and the diffusion coefficient in an abdomen at 3 T."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Water in one 3 T scanner: the 3 T scanner, whose gradients are bent as its sheet assumes."


def seen():
    from proband.evidence.scoring.scanned import FAR, diffusion_error

    places = {"gnl-rl": (FAR, 0.0, 0.0), "gnl-ap": (0.0, FAR, 0.0), "gnl-si": (0.0, 0.0, FAR)}
    return {row: diffusion_error(place) for row, place in places.items()}


def experiment(lab: Lab):
    done = lab.bench(seen)
    return lambda: dict(done())


if __name__ == "__main__":
    tell(__file__)
