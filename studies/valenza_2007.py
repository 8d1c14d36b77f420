"""Valenza 2007: lungs of obese people who lie under anaesthesia, at end-expiratory pressures of 0 and 10 cmH2O."""

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

COHORT = "20 people with an index of 42 under anaesthesia, 10.5 mL/kg of ideal weight 11 times a minute: the obese man relaxed (73 kg, so 770 mL), with the lungs of the anaesthetised man, with half oxygen (assumed), a quarter of an hour at either pressure (assumed). Elastance by occlusion, as theirs, of 5 s (assumed)."
SETTINGS = {
    "ventilator.tidal_volume": 770.0,
    "ventilator.set_rate": 11.0,
    "ventilator.inspiratory_time": 1.8,
    "ventilator.oxygen": 0.5,
    "ventilator.breath.longest_hold": OCCLUSION.to(s),
}


def experiment(lab: Lab):
    relaxed = {"chest_wall.V_low": 400.0, **ASLEEP, **asleep(lab), **needing(lab.body("obesity"), 0.85)}
    values = {**SETTINGS, **relaxed, "ventilator.peep": 0.0}
    person = lab.person("obesity", values, changed=ventilated, watch=(*WATCH, *MACHINE), settle=180 * s)
    none = person.set("chest.level", person.rest_of_chest + FALLEN_OBESE).wait(900 * s).measure()
    still = occluded(person)
    ten = person.set("ventilator.peep", 10.0).wait(900 * s).measure()
    return lambda: {
        "valenza-elastance": elastance(still),
        "valenza-volume": ten.least("chest_wall.lung_volume") - none.least("chest_wall.lung_volume"),
    }


if __name__ == "__main__":
    tell(__file__)
