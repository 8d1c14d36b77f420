"""Jakovljevic 2010: patients on HeartMate II at rest, at their usual speed and at 6,000 rpm.

They were Harefield's, whose twenty patients on this pump in those years, reported by the same authors, had drugs meant to let the heart recover:
12 of 19 lost their pump again, with an ejection fraction of 70 % after a quarter of an hour at low speed (Birks 2011 Circulation 123:381)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_heartmate2
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.supported import ABOUT, PATIENT, mean, people
from proband.units import s

PEOPLE, RECOVERED = 19, 12  # Birks 2011
COHORT = (
    f"Twelve patients: {PEOPLE} {ABOUT}; {RECOVERED} of them with the left ventricle of the healthy man, as many as recovered in that hospital (that these "
    "twelve were of those nineteen is assumed); 9,300 rpm, then five minutes (assumed) at 6,000."
)
USUAL, LOW = 9300.0, 6000.0
VENTRICLE = ("E_max", "k_E", "V_0", "V_d", "P_0", "K_s")


def recovered(lab: Lab, rows: dict[str, float]) -> dict[str, float]:
    """The same person with a healthy left ventricle, which differs from other healthy ones as his own did from other failing ones."""

    def of(sheet: str, row: str) -> float:
        body = lab.body(sheet)
        return body.value(row).to(body.row(row)[1].unit)

    def healthy(row: str) -> float:
        own = of(PATIENT, row)
        return of("healthy_man", row) * rows.get(row, own) / own

    return rows | {f"left_ventricle.{r}": healthy(f"left_ventricle.{r}") for r in VENTRICLE}


def experiment(lab: Lab):
    def slowed(rows):
        start = {**rows, "lvad.speed": USUAL, "lvad.low_speed_limit": LOW}
        person = lab.person(PATIENT, start, changed=with_heartmate2, watch=("lvad.flow",))
        return person.measure(30 * s), person.set("lvad.speed", LOW).wait(300 * s).measure(30 * s)

    persons = people(lab, PEOPLE)
    seen = [slowed(recovered(lab, p)) for p in persons[:RECOVERED]] + [slowed(p) for p in persons[RECOVERED:]]

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
