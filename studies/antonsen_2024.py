"""Antonsen 2024: what loss of blood, end-expiratory pressure and circuit flow do to recirculation in pigs."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_groin_to_neck, recirculating, recirculation
from proband.evidence.scoring.study import tell
from proband.units import mL, s

COHORT = (
    "Six anaesthetised, ventilated pigs on veno-venous support, cannulae 20 to 26 cm apart: no pig with lungs lives here, so the man with "
    "distress, from groin to neck, who loses of his blood what a litre is of a pig of 60 kg (assumed: 65 mL/kg, a quarter)."
)
LOSS = 1250 * mL  # a quarter of the man's blood
LITTLE, MUCH = 3.5, 5.0  # L/min
LOW, HIGH = 5.0, 15.0  # cmH2O


def experiment(lab: Lab):
    def pig(flow: float = LITTLE, peep: float = LOW):
        return recirculating(lab, from_groin_to_neck, flow, {"ventilator.peep": peep})

    full = pig()
    rest = full.measure()
    bled = full.bleed(LOSS, over=300 * s).wait(120 * s).measure()
    refilled = full.bleed(-LOSS, over=300 * s).wait(120 * s).measure()
    inflated, fast = pig(peep=HIGH).measure(), pig(flow=MUCH).measure()

    def change(before, after) -> float:
        return 100 * (recirculation(after) / recirculation(before) - 1)

    return lambda: {
        "antonsen-loss": change(rest, bled),
        "antonsen-transfusion": change(bled, refilled),
        "antonsen-peep": change(rest, inflated),
        "antonsen-flow": change(rest, fast),
    }


if __name__ == "__main__":
    tell(__file__)
