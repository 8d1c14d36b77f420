"""Blood flow of veno-venous support, the lungs' pressure and the heart's output (Am J Respir Crit Care Med, September 2024)."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import WATCH, on_veno_venous_ecmo
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 patients with severe distress, controlled ventilation, low and high flow: the man with severe distress, 300 mL 12 times a minute, 2 and 5 L/min."


def experiment(lab: Lab):
    settings = {
        "ventilator.tidal_volume": 300.0,
        "ventilator.set_rate": 12.0,
        "ventilator.peep": 10.0,
        "ventilator.oxygen": 0.5,
    }
    low, high = (
        lab.person(
            "ards_severe", {**settings, "ecmo.set_flow": flow, "ecmo.sweep": 4.0}, changed=on_veno_venous_ecmo,
            watch=(*WATCH, "ecmo.flow"), settle=300 * s,
        ).measure()
        for flow in (2.0, 5.0)
    )  # fmt: skip
    return lambda: {
        "ecmo-flow-pressure": direction(high("pulmonary_mean") - low("pulmonary_mean")),
        "ecmo-flow-output": direction(high("cardiac_output") - low("cardiac_output")),
    }


if __name__ == "__main__":
    tell(__file__)
