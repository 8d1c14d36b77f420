"""Balanced against spoiled films of the heart, 2001: how much brighter blood is than muscle."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "45 people at 1.5 T: blood and heart muscle of the tissue table in the steady state of each sequence; in a long-axis view blood stays as long as the cine of this laboratory lets it stay in a slice."
STAY = 0.19  # s: 105 mL on the mean, of which 8 mm hold their part of 50 mm, renewed by 90 mL a beat of 1 s (as a cine has it)


def contrast(name, **options):
    from proband.evidence.scoring.scanned import built, vials
    from proband.mr.phantom.tissues import tissue
    from proband.mr.spins import simulate

    scan = built(name, thickness=8e-3, **options)
    blood, muscle = (tissue(part, 1.5) for part in ("blood", "myocardium"))
    fresh = 1 / (1 / blood.T1 + 1 / STAY)
    spins, each = vials([fresh, muscle.T1], [blood.T2, muscle.T2], 8e-3)
    heard = simulate(scan.timeline, spins, each, threads=1)
    (line,) = (s for r, s in zip(scan.timeline.readouts, heard, strict=True) if r.labels["LIN"] == 4)
    signal = np.abs(line[:, line.shape[1] // 2]) * (blood.density, muscle.density)
    return signal[0] / signal[1]


def both():
    return (
        contrast("bssfp", slew=0.8, matrix=(32, 8), flip=55.0, TR=3.2e-3, dummies=600),
        contrast("spoiled_gre", matrix=(32, 8), flip=20.0, TR=6e-3, bandwidth=900.0, dummies=300),
    )


def experiment(lab: Lab):
    done = lab.bench(both)
    return lambda: dict(zip(("ssfp-contrast-balanced", "ssfp-contrast-spoiled"), done(), strict=True))


if __name__ == "__main__":
    tell(__file__)
