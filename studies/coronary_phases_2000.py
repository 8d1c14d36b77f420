"""Coronary flow in diastole and in systole, by Doppler wire (J Korean Soc Echocardiogr 2000)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import mean

COHORT = "Nine patients with a normal anterior descending artery, eight of them women: the resting woman, all coronary arteries together."


def phases(beat) -> float:
    """Highest flow while the aortic valve is shut, of that while it is open."""
    begin, end = beat.ejection
    flow = beat["coronary_arteries.flow"]
    return float(flow[end:].max() / flow[begin:end].max())


def experiment(lab: Lab):
    ratio = lab.bench(lambda: mean(phases, "healthy_woman"))
    return lambda: {"coronary-phases": ratio()}


if __name__ == "__main__":
    tell(__file__)
