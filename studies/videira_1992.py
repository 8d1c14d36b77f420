"""Videira 1992: how long one and three minutes of oxygen last in children's apnoea."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import child_in_apnoea, seconds_to
from proband.evidence.scoring.study import tell

COHORT = "11 healthy children in two groups: the child of six years and 20 kg (the abstract tells no age), one or three minutes of oxygen, then apnoea in air; as for Patel's children."


def experiment(lab: Lab):
    seen = {minutes: child_in_apnoea(lab, 60 * minutes) for minutes in (1, 3)}
    return lambda: {f"videira-{minutes}": seconds_to(windows, 90) for minutes, windows in seen.items()}


if __name__ == "__main__":
    tell(__file__)
