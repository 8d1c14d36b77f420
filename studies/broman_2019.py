"""Broman 2019: how much less blood than water flows through return cannulae."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Return cannulae on a bench: the laboratory's cannulae, Getinge HLS, whose charts are for water."


def experiment(lab: Lab):
    from proband.devices.ecmo.cannula import WATER, hls

    def deficit():
        cannula = hls(17.0, "return")
        water, blood = cannula.law(*WATER)[0], cannula.law()[0]
        return 100 * (1 - (water / blood) ** 0.5)

    return lambda: {"broman-deficit": deficit()}


if __name__ == "__main__":
    tell(__file__)
