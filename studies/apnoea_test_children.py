"""Apnoea tests of children with brain death: the rise of carbon dioxide in ten minutes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, stop
from proband.evidence.scoring.study import tell
from proband.units import mL_min, s

COHORT = "38 children of 2 months to 17 years without brain function, oxygen in the trachea: the child of six years and 20 kg, whose brain uses nothing and whose other organs use three quarters (assumed)."
ORGANS = ("heart_muscle", "kidneys", "splanchnic", "liver", "upper_body", "lower_body")


def experiment(lab: Lab):
    body = lab.body("child_20kg")
    needs = {f"{organ}_respiration.need": 0.75 * body.value(f"{organ}_respiration.need").to(mL_min) for organ in ORGANS}
    needs["brain_respiration.need"] = 0.5
    person = lab.person("child_20kg", needs, watch=WATCH, settle=180 * s).breathe(1.0, 0.0).wait(120 * s)
    before = person.measure(10 * s)
    at5 = stop(person).wait(299 * s).measure(2 * s)
    at10 = person.wait(298 * s).measure(2 * s)

    def P(w):
        return w("gas_aorta.PCO2")

    return lambda: {
        "apnoea-children-first": (P(at5) - P(before)) / 5,
        "apnoea-children-next": (P(at10) - P(at5)) / 5,
    }


if __name__ == "__main__":
    tell(__file__)
