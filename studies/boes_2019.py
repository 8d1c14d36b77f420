"""Boes 2019: the speeds that give full support, and how steep the pumps are. Verification: the data sheets are of this paper."""

import numpy as np

from proband.evidence.scoring import Lab, direction
from proband.evidence.scoring.bodies import RIG, heartmate2_rig, heartmate3_rig, hvad_rig
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "No patient: each pump with its cannula and graft, 62 mmHg from end to end; the flow is read where the curve meets it."
PUMPS = {"hm3": (heartmate3_rig, 5400, 0.1244), "hvad": (hvad_rig, 2600, 0.1093), "hm2": (heartmate2_rig, 9100, 0.3833)}
FLOWS = (3, 4, 4.5, 5, 5.5, 6)


def experiment(lab: Lab):
    seen = {
        name: [
            lab.rig(rig, {"pump.speed": n, "throttle.wanted": q}, watch=RIG).wait(8 * s).measure(2 * s) for q in FLOWS
        ]
        for name, (rig, n, _) in PUMPS.items()
    }

    def heads(name):
        return np.array([w("pump.head") for w in seen[name]])

    def flow_at(name, whole=62.0):
        outer = heads(name) - PUMPS[name][2] * np.array(FLOWS) ** 2
        return float(np.interp(-whole, -outer, FLOWS))

    def slope(name):
        return (heads(name)[4] - heads(name)[2]) / (FLOWS[4] - FLOWS[2])

    return lambda: {
        **{f"boes-{name}-full": flow_at(name) for name in PUMPS},
        "boes-order": direction(min(slope("hvad"), slope("hm2")) - slope("hm3")),
    }


if __name__ == "__main__":
    tell(__file__)
