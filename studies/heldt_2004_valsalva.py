"""A Valsalva manoeuvre as recorded in Heldt 2004: 40 mmHg for 30 s."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_closed_airway
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "One healthy subject: the young adult. Mouth pressure acts on chest and abdomen alike (no pressure across the relaxed diaphragm), and is built up within 2 s (assumed)."


def experiment(lab: Lab):
    person = lab.person("healthy_young", changed=with_closed_airway)
    before = person.measure()
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


if __name__ == "__main__":
    tell(__file__)
