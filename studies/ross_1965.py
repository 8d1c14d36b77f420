"""Ross 1965: the atria paced ever faster at rest."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import surface, with_paced_atria
from proband.evidence.scoring.study import tell

COHORT = "17 patients without failure, resting: the resting man with paced atria, a person for each rate."


def experiment(lab: Lab):
    seen = {
        rate: lab.person("healthy_man", {"heart.set_rate": rate}, changed=with_paced_atria).measure()
        for rate in (80, 121, 148)
    }
    area = surface("healthy_man")

    def index(rate):
        return seen[rate]("cardiac_output") / area

    return lambda: {"ross-121": index(121) - index(80), "ross-148": index(148) - index(80)}


if __name__ == "__main__":
    tell(__file__)
