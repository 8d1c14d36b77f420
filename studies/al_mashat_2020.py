"""Al-Mashat 2020: how far the lungs' blood swings within a beat."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import lungs_swing, mean

COHORT = "Ten controls: the resting man. 46 patients with heart failure: moderate heart failure."


def experiment(lab: Lab):
    well, ill = (lab.bench(lambda sheet=sheet: mean(lungs_swing, sheet)) for sheet in ("healthy_man", "hfref_moderate"))
    return lambda: {"mashat-control": well(), "mashat-failure": ill()}


if __name__ == "__main__":
    tell(__file__)
