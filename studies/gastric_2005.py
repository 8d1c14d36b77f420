"""Output under end-expiratory pressure in acute respiratory distress (PMC1065018)."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = (
    "8 patients with protective ventilation: the man with moderate distress, 420 mL 20 times a minute, from PEEP 5."
)
SETTINGS = {"ventilator.tidal_volume": 420.0, "ventilator.set_rate": 20.0, "ventilator.oxygen": 0.6}


def experiment(lab: Lab):
    seen = {}
    for peep in (5, 10, 15, 20):
        person = lab.person(
            "ards_moderate",
            {**SETTINGS, "ventilator.peep": float(peep)},
            changed=ventilated,
            watch=WATCH,
            settle=240 * s,
        )
        seen[peep] = person.measure()

    def change(peep):
        return moved(seen[5]("cardiac_output"), seen[peep]("cardiac_output"), "L/min")

    return lambda: {f"gastric-{peep}": change(peep) for peep in (10, 15, 20)}


if __name__ == "__main__":
    tell(__file__)
