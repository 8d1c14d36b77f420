"""Jakovljevic 2010: patients on HeartMate II at rest, at their usual speed and at 6,000 rpm."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_heartmate2
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, PATIENT, mean, people
from proband.units import s

PEOPLE = 8
COHORT = f"Twelve patients: {PEOPLE} {ABOUT}; 9,300 rpm, then five minutes (assumed) at 6,000. Theirs reached 12.2 L/min at peak exercise, and 8.6 at 6,000 rpm: hearts that have partly recovered, as these persons' have not."
USUAL, LOW = 9300.0, 6000.0


def experiment(lab: Lab):
    def slowed(rows):
        start = {**rows, "lvad.speed": USUAL, "lvad.low_speed_limit": LOW}
        person = lab.person(PATIENT, start, changed=with_heartmate2, watch=("lvad.flow",))
        return person.measure(30 * s), person.set("lvad.speed", LOW).wait(300 * s).measure(30 * s)

    seen = [slowed(rows) for rows in people(lab, PEOPLE)]

    def results():
        usual, low = [a for a, _ in seen], [b for _, b in seen]
        output = [mean(w, "cardiac_output") for w in (usual, low)]
        power = [sum(w("cardiac_output") * w("mean_arterial") for w in windows) for windows in (usual, low)]
        return {
            "jakovljevic-co": 100 * (output[1] / output[0] - 1),
            "jakovljevic-power": 100 * (power[1] / power[0] - 1),
        }

    return results


if __name__ == "__main__":
    tell(__file__)
