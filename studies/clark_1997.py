"""Clark 1997: what irregular beats cost, at the same mean rate."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import in_fibrillation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "16 patients in atrial fibrillation at 102/min: moderate heart failure without atrial contraction, intervals even or scattered by 22 %. "
    "Their ventricles were paced from the right one's apex, irregularly by their own recording: contraction takes an eighth longer (assumed)."
)

PACED = 1.125 * 0.32  # s, time to the peak of contraction at 60/min
SCATTERED = 0.24  # as drawn; an interval that would end within the twitch is longer, and 22 % remain


def experiment(lab: Lab):
    regular, irregular = (
        lab.person(
            "hfref_moderate",
            {"heart.asked": 60 / 102, "heart.spread": spread, "heart.T_v": PACED},
            changed=in_fibrillation,
        ).measure(300 * s)
        for spread in (0.0, SCATTERED)
    )

    def change(quantity):
        return irregular(quantity) - regular(quantity)

    return lambda: {
        "clark-co": change("cardiac_output"),
        "clark-wedge": change("wedge"),
        "clark-ra": change("central_venous"),
    }


if __name__ == "__main__":
    tell(__file__)
