"""ARDS Network 2000: plateau pressure at lower and at traditional tidal volumes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import MACHINE, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "861 patients with acute lung injury, in two groups: the man with moderate distress, whose predicted weight is 72 kg; 29 and 16 breaths a minute (assumed: not in the table that was read)."
ARMS = {"ardsnet-plateau-6": (6.2, 9.4, 29.0), "ardsnet-plateau-12": (11.8, 8.6, 16.0)}  # mL/kg, cmH2O, 1/min


def experiment(lab: Lab):
    seen = {}
    for row, (volume, peep, rate) in ARMS.items():
        settings = {
            "ventilator.tidal_volume": 72 * volume,
            "ventilator.peep": peep,
            "ventilator.set_rate": rate,
            "ventilator.inspiratory_time": 0.9,
            "ventilator.oxygen": 0.6,
        }
        person = lab.person("ards_moderate", settings, changed=ventilated, watch=MACHINE, settle=240 * s)
        seen[row] = person.measure()
    return lambda: {row: w("ventilator.plateau") for row, w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
