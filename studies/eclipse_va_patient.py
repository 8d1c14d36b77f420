"""One patient on veno-arterial support, as measured for the ECLIPSE model."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import on_small_arterial_ecmo
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.patients.size import resized
from proband.units import s

COHORT = (
    "A patient of 60 kg in shock, 21 and 17 French, 3,425 rpm: the resting man brought to 60 kg, both of whose ventricles have 15 % of "
    "their strength left (chosen by the published pulse pressure of 7 mmHg, so that systolic and diastolic are calibration; assumed: both "
    "sides failed at once, since a pulmonary pressure below the usual is not that of a heart that has been large for years)."
)
SIZE, LEFT = 60 / 75, 0.15
STRENGTH = {"left_ventricle.E_max": 4.6, "right_ventricle.E_max": 0.62}  # mmHg/mL, of the man of ordinary size


def supported(body: Body) -> Body:
    """Of the patient's size, with both cannulae in place."""
    return on_small_arterial_ecmo(resized(body, SIZE))


def experiment(lab: Lab):
    values = {row: LEFT * E / SIZE for row, E in STRENGTH.items()}
    w = lab.person("healthy_man", values, changed=supported, watch=("ecmo.flow",), settle=150 * s).measure()
    return lambda: {
        "eclipse-flow": w("ecmo.flow"),
        "eclipse-map": w("mean_arterial"),
        "eclipse-systolic": w("systolic"),
        "eclipse-diastolic": w("diastolic"),
        "eclipse-pap": w("pulmonary_mean"),
    }


if __name__ == "__main__":
    tell(__file__)
