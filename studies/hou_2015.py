"""Hou 2015: sheep whose lungs have failed on veno-arterial support, drained and returned at several places.

Without breath what leaves the heart is what came to it: who drains the cava that brings the machine's blood back leaves the heart the other."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_gains
from proband.evidence.scoring.breathers import circuit, needing
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import s

COHORT = (
    "18 anaesthetised sheep, whose ventilator was turned off: a man under anaesthesia with a sheep's blood (10 g/dL, assumed), and no lungs at all. "
    "The flow is not told where this was read: it was to leave the superior cava 40.3 % while the inferior is drained, but none does: 5 L/min, all that the heart gives at rest, leave it half of that."
)
FLOW = 5.0  # L/min
PLACES = ("aorta", "pulmonary_artery", "vena_cava_superior", "vena_cava_inferior")
WATCH = (*(f"gas_{place}.SO2" for place in PLACES), "ecmo.flow")


def _supported(drained: str, returned: str):
    def change(body: Body) -> Body:
        from proband.patients.gases import with_gases

        lungs = circuit(drained, returned, returning="hls 17", gases=True)
        return with_gases(with_gains(body, 0.5)).attach(ecmo=lungs)

    return change


femoral = _supported("vena_cava_inferior", "leg_arteries")
from_the_upper_cava = _supported("vena_cava_superior", "leg_arteries")
to_the_carotid = _supported("vena_cava_inferior", "upper_arteries")


def experiment(lab: Lab):
    from proband.patients.gases import with_gases

    needs = needing(with_gases(lab.body("healthy_man")), 0.85)

    def on(change):
        rows = {**needs, "blood.haemoglobin": 10.0, "ecmo.set_flow": FLOW}
        return lab.person("healthy_man", rows, changed=change, watch=WATCH, settle=600 * s).measure()

    usual, upper, carotid = on(femoral), on(from_the_upper_cava), on(to_the_carotid)

    def saturation(window, place):
        return window(f"gas_{place}.SO2")

    def change(window, place):
        return saturation(window, place) - saturation(usual, place)

    return lambda: {
        "hou-ivc-svc": saturation(usual, "vena_cava_superior"),
        "hou-ivc-ivc": saturation(usual, "vena_cava_inferior"),
        "hou-svc-svc": saturation(upper, "vena_cava_superior"),
        "hou-svc-pa": saturation(upper, "pulmonary_artery"),
        "hou-svc-aorta": change(upper, "aorta"),
        "hou-ca-svc": change(carotid, "vena_cava_superior"),
        "hou-ca-ivc": change(carotid, "vena_cava_inferior"),
        "hou-ca-aorta": change(carotid, "aorta"),
    }


if __name__ == "__main__":
    tell(__file__)
