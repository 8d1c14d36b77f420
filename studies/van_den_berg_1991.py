"""van den Berg 1991: end-expiratory pressure of the ventilator in obstructed lungs."""

from proband.evidence.scoring import Lab, direction, moved
from proband.evidence.scoring.breathers import ASLEEP, MACHINE, WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Ventilated patients with COPD: the man with COPD, relaxed, 600 mL 20 times a minute, no pressure, half of his own and twice it."
SETTINGS = {
    "ventilator.tidal_volume": 600.0,
    "ventilator.set_rate": 20.0,
    "ventilator.inspiratory_time": 1.0,
    "ventilator.pause_time": 0.0,
    **ASLEEP,
}
NONE, BELOW, ABOVE = 0.0, 3.0, 14.0


def experiment(lab: Lab):
    seen = {}
    for peep in (NONE, BELOW, ABOVE):
        person = lab.person(
            "copd", {**SETTINGS, "ventilator.peep": peep}, changed=ventilated, watch=(*WATCH, *MACHINE), settle=150 * s
        )
        volume = person.measure()
        person.set("ventilator.expiratory_hold", 1.0).wait(6 * s).set("ventilator.expiratory_hold", 0.0)
        seen[peep] = volume, person.wait(10 * s).measure(2 * s)

    def rest(peep):
        return seen[peep][0].least("chest_wall.lung_volume")

    def own(peep):
        return seen[peep][1]("ventilator.auto_peep")

    return lambda: {
        "berg-own": direction(own(BELOW) - own(NONE)),
        "berg-volume-below": moved(rest(NONE), rest(BELOW), "mL"),
        "berg-volume-above": moved(rest(NONE), rest(ABOVE), "mL"),
    }


if __name__ == "__main__":
    tell(__file__)
