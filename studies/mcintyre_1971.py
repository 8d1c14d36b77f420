"""McIntyre & Sasahara 1971: circulation and oxygen after pulmonary embolism."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import surface
from proband.evidence.scoring.breathers import WATCH
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "20 patients without former disease of heart or lungs: the man with pulmonary embolism against the man who breathes."


def experiment(lab: Lab):
    ill = lab.person("pulmonary_embolism", watch=WATCH, settle=220 * s).measure()
    well = lab.person("breathing_man", watch=WATCH, settle=200 * s).measure()

    def index():
        return ill("cardiac_output") / surface("pulmonary_embolism")

    return lambda: {
        "mcintyre-pressure": direction(ill("pulmonary_mean") - well("pulmonary_mean")),
        "mcintyre-oxygen": direction(ill("gas_aorta.PO2") - well("gas_aorta.PO2")),
        "mcintyre-atrium": direction(ill("central_venous") - well("central_venous")),
        # normal: 2.5 to 4.2 L/min/m², textbook
        "mcintyre-index": direction(max(index() - 4.2, 0.0) - max(2.5 - index(), 0.0), 1e-9),
    }


if __name__ == "__main__":
    tell(__file__)
