"""Pelosi 1999: lungs and gases of anaesthetised people at end-expiratory pressures of 0 and 10 cmH2O."""

from proband.evidence.scoring import Lab, moved
from proband.evidence.scoring.breathers import (
    MACHINE,
    OCCLUSION,
    RESTED,
    WATCH,
    elastance,
    needing,
    occluded,
    ventilated,
)
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "9 people of normal weight, half oxygen: the anaesthetised man, 700 mL 12 times a minute for twenty minutes (assumed); under anaesthesia he needs 0.85 of the oxygen (Nunn). His sheet was matched to their mechanics at 0. Elastance by occlusion, as theirs, of 5 s (assumed)."
SETTINGS = {
    "ventilator.tidal_volume": 700.0,
    "ventilator.set_rate": 12.0,
    "ventilator.inspiratory_time": 1.5,
    "ventilator.oxygen": 0.5,
    "ventilator.breath.longest_hold": OCCLUSION.to(s),
}
DEAD_SPACE = 150.0  # mL of the airways, which helium fills too


def experiment(lab: Lab):
    def at(peep):
        values = {**SETTINGS, **needing(lab.body("anaesthetised"), 0.85), "ventilator.peep": peep}
        person = lab.person("anaesthetised", values, changed=ventilated, watch=(*WATCH, *MACHINE), settle=RESTED)
        return person.measure(), occluded(person)

    (none, still), (ten, still_ten) = at(0.0), at(10.0)

    def of_the_wall(w):
        return 1000 * (w.most("pleura.pressure") - w.least("pleura.pressure")) / w("ventilator.VT_in")

    return lambda: {
        "pelosi-volume": (none.least("chest_wall.lung_volume") + DEAD_SPACE) / 1000,
        "pelosi-elastance": elastance(still),
        "pelosi-wall": of_the_wall(none),
        "pelosi-oxygen": none("gas_aorta.PO2"),
        "pelosi-oxygen-10": moved(none("gas_aorta.PO2"), ten("gas_aorta.PO2"), "mmHg"),
        "pelosi-elastance-10": moved(elastance(still), elastance(still_ten), "cmH2O/L"),
        "pelosi-wall-10": moved(of_the_wall(none), of_the_wall(ten), "cmH2O/L"),
    }


if __name__ == "__main__":
    tell(__file__)
