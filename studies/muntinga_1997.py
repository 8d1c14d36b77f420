"""Muntinga 1997: how the left ventricle fills, by a gated camera."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.evidence.scoring.waves import STEP, Beat, beats, mean

COHORT = "20 people of 40 to 76 years with normal hearts: the resting man."
PATIENT = "healthy_man"


def early(beat: Beat) -> tuple[int, np.ndarray]:
    """End-systole (ms) and how fast the volume grows from there until the atria are excited, in mL/s."""
    volume, clock = beat["left_ventricle.volume"], beat["heart.atrial_clock"]
    end_systole = int(np.argmin(volume))
    return end_systole, beat.rate("left_ventricle.volume")[end_systole : int(np.argmax(clock))]


def peak_rate(beat: Beat) -> float:
    return float(early(beat)[1].max() / beat["left_ventricle.volume"].max())


def peak_time(beat: Beat) -> float:
    return float(np.argmax(early(beat)[1]))


def atrial_share() -> float:
    """Of what flows in between one end-systole and the next, in %, what comes once the atria are excited; they are so before a beat
    begins, so that two beats are looked at together."""
    found = []
    for one, two in zip(beats(PATIENT), beats(PATIENT)[1:], strict=False):
        flow = np.concatenate([one["mitral_valve.flow"], two["mitral_valve.flow"]]) * 1000 / 60 * STEP
        begin = int(np.argmin(one["left_ventricle.volume"]))
        end = len(one["mitral_valve.flow"]) + int(np.argmin(two["left_ventricle.volume"]))
        excited = int(np.argmax(one["heart.atrial_clock"])) + 1
        found.append(100 * flow[excited:end].sum() / flow[begin:end].sum())
    return float(np.mean(found))


def experiment(lab: Lab):
    rate, time = (lab.bench(lambda of=of: mean(of, PATIENT)) for of in (peak_rate, peak_time))
    atrium = lab.bench(atrial_share)
    return lambda: {"muntinga-rate": rate(), "muntinga-time": time(), "muntinga-atrium": atrium()}


if __name__ == "__main__":
    tell(__file__)
