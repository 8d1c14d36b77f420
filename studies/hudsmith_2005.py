"""Hudsmith 2005: the four chambers by magnetic resonance."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "63 healthy men and 45 healthy women, lying: the resting man and the resting woman. The men's ventricles and largest left atrium are calibration."


def experiment(lab: Lab):
    people = {
        "man": lab.person("healthy_man", watch=["left_atrium.volume"]),
        "woman": lab.person("healthy_woman", watch=["left_atrium.volume"]),
    }
    seen = {who: person.measure() for who, person in people.items()}

    def results():
        for who, w in seen.items():
            yield f"hudsmith-{who}-lv-edv", w("left_end_diastolic_volume")
            yield f"hudsmith-{who}-lv-esv", w("left_end_systolic_volume")
            yield f"hudsmith-{who}-rv-edv", w("right_end_diastolic_volume")
            yield f"hudsmith-{who}-rv-esv", w("right_end_systolic_volume")
            yield f"hudsmith-{who}-la-max", w.most("left_atrium.volume")
            yield f"hudsmith-{who}-la-sv", w.most("left_atrium.volume") - w.least("left_atrium.volume")

    return lambda: dict(results())


if __name__ == "__main__":
    tell(__file__)
