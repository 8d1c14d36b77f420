"""Antonsen 2024: what loss of blood, end-expiratory pressure and circuit flow do to recirculation in pigs."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_groin_to_neck_along_the_cava, recirculating, recirculation
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.patients.size import resized
from proband.units import mL, s

COHORT = (
    "Six anaesthetised, ventilated pigs on veno-venous support, cannulae 20 to 26 cm apart: their weight is not told here, 60 kg is assumed. Pigs of 60 kg give "
    "4.5 L/min (Hørsdal 2024 Anesthesiology 141:1105): the man under anaesthesia, who gives 5.3, brought to 0.85 of his size, lungs and all, with the narrow, deep chest of an animal on "
    "four legs, in which swollen lungs press more on the heart: what dogs have in the middle. He is drained "
    "through a cannula of 55 cm (assumed), whose holes lie along the cava up to where the liver's veins join it. Blood goes and comes in ten minutes (assumed)."
)
SIZE = 4.5 / 5.3
NESTLED = 1.0  # dogs: 0 (Craven & Wood 1981) to 2 (Kingma 1987); man, whose chest is wider, has half of it
LITTLE, MUCH = 3.5, 5.0  # L/min
LOW, HIGH = 5.0, 15.0  # cmH2O


def pig(body: Body) -> Body:
    """Of a pig's output, from groin to neck."""
    return from_groin_to_neck_along_the_cava(resized(body, SIZE).with_values({"pleura.nestled": NESTLED}))


def experiment(lab: Lab):
    def on_support(flow: float = LITTLE, peep: float = LOW):
        ventilation = {"ventilator.peep": peep, "ventilator.tidal_volume": 500 * SIZE}
        return recirculating(lab, pig, flow, ventilation, sheet="anaesthetised")

    full = on_support()
    rest = full.measure()
    bled = full.bleed(1000 * mL, over=600 * s).wait(300 * s).measure()
    refilled = full.bleed(-1000 * mL, over=600 * s).wait(300 * s).measure()
    inflated, fast = on_support(peep=HIGH).measure(), on_support(flow=MUCH).measure()

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
