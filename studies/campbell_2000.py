"""Campbell 2000: what the dead space of two exchangers of heat and moisture costs, against a heated humidifier."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.breathers import WATCH, expired, production, ventilated
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import mL, s

COHORT = (
    "Patients who recover from acute lung injury and breathe with pressure support: the man with mild distress, awake, with a fifth of his strength and "
    "5 cmH2O of support, which give him about their 410 mL 22 times a minute with the heated humidifier. Paralysed patients after operations: the same man, "
    "600 mL 12 times a minute (assumed; the abstract tells neither)."
)
AWAKE = {"respiratory_drive.depression": 0.0, "respiratory_muscles.strength": 0.2}
OWN = {
    **AWAKE,
    "ventilator.trigger": 2.0,
    "ventilator.mode": 5.0,
    "ventilator.support": 5.0,
    "ventilator.peep": 5.0,
    "ventilator.oxygen": 0.4,
}
GIVEN = {
    "respiratory_muscles.strength": 0.0,
    "ventilator.tidal_volume": 600.0,
    "ventilator.set_rate": 12.0,
    "ventilator.oxygen": 0.4,
}


def small(body: Body) -> Body:
    return ventilated(body, humidifier="hme", dead_space=28 * mL)


def large(body: Body) -> Body:
    return ventilated(body, humidifier="hme", dead_space=90 * mL)


def experiment(lab: Lab):
    seen = (*WATCH, "ventilator.MV_out", "ventilator.measured_rate", "ventilator.VT_in")

    def person(changed, values):
        return lab.person("ards_mild", values, changed=changed, watch=seen, settle=900 * s).measure(60 * s)

    own = {way: person(way, OWN) for way in (ventilated, small, large)}
    paralysed = {way: person(way, GIVEN) for way in (ventilated, large)}
    made = production(lab.body("ards_mild"))

    def dead(w):
        return 100 * (1 - expired(made, w("ventilator.MV_out")) / w("gas_aorta.PCO2"))

    def share(way, quantity):
        return 100 * own[way](quantity) / own[ventilated](quantity)

    return lambda: {
        "campbell-own-dead-28": dead(own[small]) - dead(own[ventilated]),
        "campbell-own-dead-90": dead(own[large]) - dead(own[ventilated]),
        "campbell-own-rate-28": share(small, "ventilator.measured_rate"),
        "campbell-own-rate-90": share(large, "ventilator.measured_rate"),
        "campbell-own-minute-28": share(small, "ventilator.MV_out"),
        "campbell-own-minute-90": share(large, "ventilator.MV_out"),
        "campbell-given-co2": moved(
            paralysed[ventilated]("gas_aorta.PCO2"), paralysed[large]("gas_aorta.PCO2"), "mmHg"
        ),
    }


if __name__ == "__main__":
    tell(__file__)
