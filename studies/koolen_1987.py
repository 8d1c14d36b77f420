"""Koolen 1987: end-expiratory pressure after bypass surgery.

His patients were ventilated and under anaesthesia, which blunts the reflexes: half of each gain and no low-pressure reflex (both assumed, as in
the patients' own test of end-expiratory pressure)."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import anaesthetised_and_ventilated
from proband.evidence.scoring.study import tell
from proband.units import cmH2O, s

COHORT = "21 patients after bypass surgery, ventilated: the resting man with an open pericardium and blunted reflexes. Half of 10 cmH2O reaches the chest."


def experiment(lab: Lab):
    person = lab.person("healthy_man", {"pericardium.closed": 0.0}, changed=anaesthetised_and_ventilated)
    before = person.measure()
    after = person.strain(0.5 * 10 * cmH2O, abdomen=0).wait(120 * s).measure()

    def change(quantity):
        return direction(after(quantity) - before(quantity))

    return lambda: {
        "koolen-co": change("cardiac_output"),
        "koolen-map": change("mean_arterial"),
        "koolen-area": change("left_end_diastolic_volume"),
        "koolen-wedge": change("wedge"),
    }


if __name__ == "__main__":
    tell(__file__)
