"""Pelosi 1999: lungs and gases of morbidly obese people under anaesthesia at end-expiratory pressures of 0 and 10 cmH2O."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    ASLEEP,
    FALLEN_OBESE,
    MACHINE,
    OCCLUSION,
    WATCH,
    asleep,
    elastance,
    needing,
    occluded,
    ventilated,
)
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "9 people with an index above 40, half oxygen: the obese man relaxed, with the lungs of the anaesthetised man and less gas (1.0 L with the dead space; they had 0.6), 700 mL 12 times a minute; oxygen for eight minutes at induction, half oxygen for ten (both assumed); under anaesthesia he needs 0.85 of the oxygen (Nunn). Elastance by occlusion, as theirs, of 5 s (assumed)."
SETTINGS = {
    "ventilator.tidal_volume": 700.0,
    "ventilator.set_rate": 12.0,
    "ventilator.inspiratory_time": 1.5,
    "ventilator.breath.longest_hold": OCCLUSION.to(s),
}


def experiment(lab: Lab):
    body = lab.body("obesity")
    relaxed = {"chest_wall.V_low": 400.0, **ASLEEP, **asleep(lab), **needing(body, 0.85)}

    def lying(peep):
        values = {**SETTINGS, **relaxed, "ventilator.oxygen": 1.0, "ventilator.peep": 0.0}
        person = lab.person("obesity", values, changed=ventilated, watch=(*WATCH, *MACHINE), settle=180 * s)
        person.set("chest.level", person.rest_of_chest + FALLEN_OBESE).wait(300 * s)
        person.set("ventilator.oxygen", 0.5).set("ventilator.peep", peep).wait(600 * s)
        return person.measure(), occluded(person)

    (none, still), (ten, _) = lying(0.0), lying(10.0)

    def of_the_wall(w):
        return 1000 * (w.most("pleura.pressure") - w.least("pleura.pressure")) / w("ventilator.VT_in")

    return lambda: {
        "pelosi-obese-elastance": elastance(still),
        "pelosi-obese-wall": of_the_wall(none),
        "pelosi-obese-oxygen": none("gas_aorta.PO2"),
        "pelosi-obese-oxygen-10": ten("gas_aorta.PO2"),
    }


if __name__ == "__main__":
    tell(__file__)
