"""Stock 1988: end-tidal carbon dioxide of volunteers who hold their breath."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, alveolar, stop
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 volunteers in oxygen who held their breath at the residual capacity: the man who breathes, his mouth shut, and alveolar for end-tidal gas."


def experiment(lab: Lab):
    person = lab.person("breathing_man", watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(120 * s)
    before = person.measure(10 * s)
    at10 = stop(person).set("mouth.open", 0.0).wait(9.5 * s).measure(1 * s)
    at20 = person.wait(9 * s).measure(1 * s)
    at60 = person.wait(39 * s).measure(1 * s)

    def P(w):
        return alveolar(w, "PCO2")

    return lambda: {
        "stock-10s": P(at10) - before("capnograph.end_tidal"),
        "stock-20s": P(at20) - P(at10),
        "stock-rate": (P(at60) - P(at20)) / (40 / 60),
    }


if __name__ == "__main__":
    tell(__file__)
