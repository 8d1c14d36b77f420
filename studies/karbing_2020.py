"""Karbing 2020: shunt and aeration as end-expiratory pressure rises."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import REGIONS, WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "12 patients, PEEP 5 and then 15 or 20: the man with moderate distress at PEEP 5 and 15."
SETTINGS = {"ventilator.tidal_volume": 420.0, "ventilator.set_rate": 20.0, "ventilator.oxygen": 0.6}
SEEN = ("shunt.flow", *(f"recruitment_{i}.aerated" for i in REGIONS))


def experiment(lab: Lab):
    low, high = (
        lab.person(
            "ards_moderate",
            {**SETTINGS, "ventilator.peep": peep},
            changed=ventilated,
            watch=(*WATCH, *SEEN),
            settle=240 * s,
        ).measure()
        for peep in (5.0, 15.0)
    )

    def aerated(w):
        return sum(w(f"recruitment_{i}.aerated") for i in REGIONS)

    return lambda: {
        "karbing-shunt": direction(
            high("shunt.flow") / high("cardiac_output") - low("shunt.flow") / low("cardiac_output")
        ),
        "karbing-aerated": direction(aerated(high) - aerated(low)),
    }


if __name__ == "__main__":
    tell(__file__)
