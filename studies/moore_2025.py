"""Moore 2025: the diffusion coefficient at the isocentre of six scanners."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "A phantom at room temperature: water in the middle of the 3 T scanner."


def seen():
    from proband.evidence.scoring.scanned import diffusion_error

    return diffusion_error((0.0, 0.0, 0.0))


def experiment(lab: Lab):
    done = lab.bench(seen)
    return lambda: {"moore-adc": done()}


if __name__ == "__main__":
    tell(__file__)
