"""Tobin 1983: how patients with obstructed lungs breathe."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import WATCH, tidal
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Patients with COPD against normal people: the man with COPD and the man who breathes."


def experiment(lab: Lab):
    ill = lab.person("copd", watch=WATCH, settle=220 * s).measure()
    well = lab.person("breathing_man", watch=WATCH, settle=200 * s).measure()
    share = {name: lab.body(name).value("respiratory_drive.share_I").si for name in ("copd", "breathing_man")}

    def flow(w, name):
        return tidal(w) * w("capnograph.respiratory_rate") / share[name]

    return lambda: {
        "tobin-rate": direction(ill("capnograph.respiratory_rate") - well("capnograph.respiratory_rate")),
        "tobin-drive": direction(flow(ill, "copd") - flow(well, "breathing_man")),
    }


if __name__ == "__main__":
    tell(__file__)
