"""McPhee 2018: what exponentials through a train of echoes make of T2."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Brains of volunteers: white and grey matter of the tissue table at 1.5 T, 16 echoes 10 ms apart, slices of refocusing as wide as those of excitation."
ECHOES, SPACING = 16, 0.010


def errors():
    from proband.evidence.scoring.scanned import built, vials
    from proband.mr.phantom.tissues import tissue
    from proband.mr.reconstruction.relaxometry import t2_decay
    from proband.mr.spins import simulate

    scan = built("spin_echo", matrix=(16, 1), echoes=ECHOES, TE=SPACING, TR=2.0)
    matter = [tissue(name, 1.5) for name in ("white_matter", "grey_matter")]
    true = np.array([m.T2 for m in matter])
    spins, each = vials([m.T1 for m in matter], true.tolist(), float(scan.info["FOV"][2]))
    heard = simulate(scan.timeline, spins, each, threads=1)
    echoes = np.stack([s[:, s.shape[1] // 2] for s in heard], axis=-1)
    times = np.array(scan.info["echo_times"])
    return [100 * (t2_decay(echoes[:, first:], times[first:]).time / true - 1).mean() for first in (0, 1)]


def experiment(lab: Lab):
    done = lab.bench(errors)
    return lambda: dict(zip(("mcphee-all", "mcphee-skipped"), done(), strict=True))


if __name__ == "__main__":
    tell(__file__)
