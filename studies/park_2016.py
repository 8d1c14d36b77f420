"""Park 2016: what moves oxygen and carbon dioxide on veno-venous support."""

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.breathers import BLOOD, breathless_on_veno_venous_ecmo
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "Apnoeic pigs: no pig lives here, so a man without lungs, and directions alone."
REST = {"ecmo.set_flow": 3.5, "ecmo.sweep": 4.0, "blood.haemoglobin": 10.0}
STRONG = {"left_ventricle.E_max": 6.9, "right_ventricle.E_max": 0.93}  # half as strong again


def experiment(lab: Lab):
    def seen(**values):
        changed = {name.replace("__", "."): value for name, value in values.items()}
        person = lab.person(
            "healthy_man",
            {**REST, **changed},
            changed=breathless_on_veno_venous_ecmo,
            watch=(*BLOOD, "ecmo.flow"),
            settle=240 * s,
        )
        return person.measure()

    rest, flow, sweep, Hb = seen(), seen(ecmo__set_flow=4.5), seen(ecmo__sweep=8.0), seen(blood__haemoglobin=12.0)
    output = seen(**{name.replace(".", "__"): value for name, value in STRONG.items()})

    def change(w, gas):
        return direction(w(f"gas_aorta.{gas}") - rest(f"gas_aorta.{gas}"))

    return lambda: {
        "park-flow-o2": change(flow, "PO2"),
        "park-output-o2": change(output, "PO2"),
        "park-sweep-co2": change(sweep, "PCO2"),
        "park-haemoglobin-co2": change(Hb, "PCO2"),
    }


if __name__ == "__main__":
    tell(__file__)
