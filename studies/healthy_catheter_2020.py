"""PMC7763717: healthy controls with a catheter in the right heart.

All of its Table 2 was measured half upright on a bicycle, at rest before exercise. The angle is not in the table; 45° is the usual one (assumed), the legs
lie forward on the pedals, level with the hips (assumed). Nor does it tell the sexes: half were women, as in other cohorts of volunteers (assumed)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import s

COHORT = "36 healthy adults, half upright on a bicycle: the resting man and the resting woman, tilted by 45°, their legs level with the hips; the mean of the two."


def legs_forward(body: Body) -> Body:
    """Tilting moves the trunk; the legs stay level with the hips."""
    return body.with_values({row: 0 * body.value(row) for row in ("iliac_arteries.drop", "femoral_veins.drop")})


def experiment(lab: Lab):
    seen = [
        lab.person(who, changed=legs_forward).tilt(45).wait(120 * s).measure()
        for who in ("healthy_man", "healthy_woman")
    ]

    def w(quantity):
        return sum(window(quantity) for window in seen) / len(seen)

    return lambda: {
        "catheter-hr": w("heart_rate"),
        "catheter-sv": w("stroke_volume"),
        "catheter-co": w("cardiac_output"),
        "catheter-sbp": w("systolic"),
        "catheter-dbp": w("diastolic"),
        "catheter-map": w("mean_arterial"),
        "catheter-ra": w("central_venous"),
        "catheter-pas": w("pulmonary_systolic"),
        "catheter-pad": w("pulmonary_diastolic"),
        "catheter-pam": w("pulmonary_mean"),
        "catheter-wedge": w("wedge"),
    }


if __name__ == "__main__":
    tell(__file__)
