"""A Valsalva manoeuvre as recorded in Heldt 2004: 40 mmHg for 30 s."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = (
    "One healthy subject: the young adult. Mouth pressure acts on chest and abdomen alike (no pressure across the relaxed diaphragm), and is built up within "
    "2 s (assumed). Whether it catches the heart at the beginning or at the end of a beat moves the peak by 3 mmHg: the mean of four beginnings within a beat."
)
BEGINNINGS = [0.0 * s, 0.2 * s, 0.4 * s, 0.6 * s]


def strained(lab: Lab, later):
    """One manoeuvre that begins so much later: its changes, told once the laboratory has run."""
    person = lab.person("healthy_young", changed=with_closed_airway)
    before = person.measure()
    person.wait(later)
    onset = [person.strain(p * mmHg).measure(0.5 * s) for p in (10, 20, 30)] + [
        person.strain(40 * mmHg).measure(1.5 * s)
    ]
    person.wait(10 * s)
    trough = person.measure(2 * s)
    person.wait(10 * s)
    late = person.measure(5 * s)
    release = person.strain(0 * mmHg).measure(4 * s)
    rest = "systolic"
    return lambda: {
        "valsalva-1": max(window.most(rest) for window in onset) - before(rest),
        "valsalva-2": trough(rest) - before(rest),
        "valsalva-2-pp": trough("pulse_pressure"),
        "valsalva-2-late": late(rest) - before(rest),
        "valsalva-3": release.least(rest) - before(rest),
    }


def experiment(lab: Lab):
    people = [strained(lab, later) for later in BEGINNINGS]

    def results():
        each = [person() for person in people]
        return {row: sum(one[row] for one in each) / len(each) for row in each[0]}

    return results


if __name__ == "__main__":
    tell(__file__)
