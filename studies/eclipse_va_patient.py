"""One patient on veno-arterial support, as measured for the ECLIPSE model."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import on_small_arterial_ecmo
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "A patient of 60 kg in shock, 21 and 17 French, 3,425 rpm: severe heart failure with a contractility that leaves some 1.4 L/min."


def experiment(lab: Lab):
    values = {"left_ventricle.E_max": 0.3}
    watch = ("ecmo.flow",)
    w = lab.person("hfref_severe", values, changed=on_small_arterial_ecmo, watch=watch, settle=150 * s).measure()
    return lambda: {
        "eclipse-flow": w("ecmo.flow"),
        "eclipse-map": w("mean_arterial"),
        "eclipse-systolic": w("systolic"),
        "eclipse-diastolic": w("diastolic"),
        "eclipse-pap": w("pulmonary_mean"),
    }


if __name__ == "__main__":
    tell(__file__)
