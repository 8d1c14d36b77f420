"""Patel 1994: how long oxygen lasts in children's apnoea."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import child_in_apnoea, seconds_to
from proband.evidence.scoring.study import tell

COHORT = "Children of 2 to 5 years among 50: a child of three and a half years and 15 kg, two minutes (their least, by which less than 3 % of nitrogen is left) of oxygen with 2 % of halothane (assumed; nitrogen stands for it), then apnoea in air; under anaesthesia it needs 0.85 of the oxygen (Nunn), and keeps 22 mL/kg in the lungs (Thorsteinsson 1990)."


def experiment(lab: Lab):
    seen = child_in_apnoea(lab, 120, share=0.98, small=True)
    return lambda: {"patel-child": seconds_to(seen, 90)}


if __name__ == "__main__":
    tell(__file__)
