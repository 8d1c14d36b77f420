"""Bourque 2016: haemolysis of HeartMate 3 beside HeartMate II, from 2 to 10 L/min."""

import numpy as np

from proband.devices.lvad.haemolysis import Haemolysis, Work
from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import RIG, heartmate2_rig, heartmate3_rig
from proband.evidence.scoring.study import tell
from proband.units import L_min, Pa, W, mL, ms, s

COHORT = (
    "A blood loop, 100 mmHg (ASTM F1841; the paper's head at 2 and 10 L/min is not known). Each pump's power law (Giersiepen) is set to its "
    "index at 5 L/min, so that 5 L/min is calibration."
)
RIGS = {"hm3": (heartmate3_rig, np.arange(5000, 9001, 500.0)), "hm2": (heartmate2_rig, np.arange(8000, 13001, 500.0))}
FLOWS = (2.0, 5.0, 10.0)
HEAD = 100.0


def experiment(lab: Lab):
    seen = {
        (name, q): [
            lab.rig(rig, {"pump.speed": n, "throttle.wanted": q}, watch=RIG).wait(8 * s).measure(1 * s) for n in speeds
        ]
        for name, (rig, speeds) in RIGS.items()
        for q in FLOWS
    }

    def work(name, q):
        """Where the pump gives 100 mmHg at this flow."""
        heads = np.array([w("pump.head") for w in seen[name, q]])
        loss = np.array(
            [
                w("pump.torque") * 1e-3 * w("pump.rotor_speed") * 2 * np.pi / 60 - w("pump.hydraulic_power")
                for w in seen[name, q]
            ]
        )
        return Work(flow=q * L_min, loss=max(float(np.interp(HEAD, heads, loss)), 1e-3) * W, viscosity=3.5 * ms * Pa)

    def results():
        law = Haemolysis("giersiepen_1990", sheared=10 * mL)
        of = {name: {q: law.ratio(work(name, q), work(name, 5.0)) for q in FLOWS} for name in RIGS}
        return {f"bourque-{q:g}": 0.36 * of["hm3"][q] / of["hm2"][q] for q in FLOWS}

    return results


if __name__ == "__main__":
    tell(__file__)
