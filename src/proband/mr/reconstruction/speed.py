"""How fast and how good the compressed-sensing reconstructions are, beside BART in the same run where it is installed.

Both programs get the same samples and the same true sensitivities of `bench_object`, 256², 8 coils, complex noise of 2 % of
the brightest voxel in every unitary k-space sample. Each uses the regularisation that served itself best in a sweep (`sweep`);
what is timed is samples in memory to image in memory, after one untimed run (compilation, plans), and
for BART the whole `bart pics` command, which reads its input from files on the same machine."""

from __future__ import annotations

import time

import numpy as np

from proband.mr.reconstruction import bart, fista, fused
from proband.mr.reconstruction.bench_object import head, line_mask, loops, nrmse
from proband.mr.reconstruction.fourier import to_image
from proband.mr.reconstruction.nufft import NonCartesian
from proband.mr.reconstruction.operators import Cartesian

N, COILS, NOISE = 256, 8, 0.02
# Each program's best of a sweep for this object in steps of about 1.4 (ours: 0.0498 at 0.01, 0.0481 at 0.007, 0.0503 at
# 0.005; BART: 0.0550 at 0.014, 0.0542 at 0.01, 0.0562 at 0.007); `sweep` repeats it.
OURS = {"cs_cartesian": 7e-3, "radial_l1": 3e-4}
BART = {"cs_cartesian": 1e-2, "radial_l1": 3.5e-4}
ITERATIONS = {"cs_cartesian": 30, "radial_l1": 50}
SPOKES, SAMPLES = 64, 512


def _noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal((2, *shape)) * (NOISE / np.sqrt(2))
    return values[0] + 1j * values[1]


class CartesianCase:
    """R = 4 along one direction, variable density, 30 iterations."""

    name = "cs_cartesian"

    def __init__(self):
        self.truth, self.maps = head(N), loops(N, COILS)
        self.lines = line_mask(N, 4)
        mask = np.tile(self.lines[:, None], (1, N)).astype(np.float32)
        full = Cartesian(self.maps, mask, (0, 1)).forward(self.truth)
        self.kspace = (full + mask * _noise(full.shape, 3)).astype(np.complex64)
        self.mask = mask

    def ours(self, regularisation: float) -> np.ndarray:
        hybrid = np.zeros_like(self.kspace)
        hybrid[:, self.lines] = to_image(self.kspace[:, self.lines], (2,))
        descent = Cartesian(self.maps, self.mask, (0,)).descent()
        return fista.l1_wavelet(descent, descent.adjoint(hybrid), regularisation, ITERATIONS[self.name])

    def bart(self, regularisation: float) -> tuple[np.ndarray, float]:
        inputs = {"k": self.kspace.transpose(1, 2, 0)[:, :, None], "s": self.maps.transpose(1, 2, 0)[:, :, None]}
        return bart.call(f"pics -l1 -r {regularisation} -i {ITERATIONS[self.name]} -d 0 {{k}} {{s}} {{out}}", inputs)


class RadialCase:
    """64 spokes of 512 samples (a sixth of what Nyquist asks), 50 iterations; BART with -e (step from the largest eigenvalue)."""

    name = "radial_l1"

    def __init__(self):
        self.truth, self.maps = head(N), loops(N, COILS)
        angle = np.pi * np.arange(SPOKES) / SPOKES
        r = (np.arange(SAMPLES) - SAMPLES / 2) / SAMPLES
        self.k = np.stack([r * np.cos(angle)[:, None], r * np.sin(angle)[:, None]], -1).reshape(-1, 2)
        exact = NonCartesian(self.maps, self.k, tolerance=1e-6).forward(self.truth)
        self.samples = (exact + _noise(exact.shape, 4)).astype(np.complex64)

    def ours(self, regularisation: float) -> np.ndarray:
        descent = NonCartesian(self.maps, self.k, tolerance=1e-4).descent()
        return fista.l1_wavelet(descent, descent.adjoint(self.samples), regularisation, ITERATIONS[self.name])

    def bart(self, regularisation: float) -> tuple[np.ndarray, float]:
        trajectory = np.zeros((3, SAMPLES, SPOKES))
        trajectory[:2] = (self.k * N).reshape(SPOKES, SAMPLES, 2).transpose(2, 1, 0)
        kspace = self.samples.reshape(COILS, SPOKES, SAMPLES).transpose(2, 1, 0)[None]
        inputs = {"t": trajectory, "k": kspace, "s": self.maps.transpose(1, 2, 0)[:, :, None]}
        return bart.call(
            f"pics -e -l1 -r {regularisation} -i {ITERATIONS[self.name]} -d 0 -t {{t}} {{k}} {{s}} {{out}}", inputs
        )


def measure(runs: int = 7, bart_runs: int = 3, with_bart: bool = True) -> dict[str, float | None]:
    """Best times (s) of several runs and NRMSE: cs_cartesian_s, cs_cartesian_nrmse, radial_l1_s, radial_l1_nrmse, and the same
    with bart_ before them, None where BART (or, for ours, Numba) is not there. BART's runs alternate with ours."""
    out: dict[str, float | None] = {}
    for case in (CartesianCase(), RadialCase()):
        ours: list[float] = []
        theirs: list[float] = []
        image = other = None
        for run in range(runs + 1):
            begin = time.perf_counter()
            image = case.ours(OURS[case.name])
            if run:  # the first one compiles
                ours.append(time.perf_counter() - begin)
            if with_bart and bart.installed() and run <= bart_runs - 1:
                other, seconds = case.bart(BART[case.name])
                theirs.append(seconds)
        assert image is not None
        out[f"{case.name}_s"] = min(ours) if fused.AVAILABLE else None
        out[f"{case.name}_nrmse"] = nrmse(image, case.truth)
        out[f"bart_{case.name}_s"] = min(theirs, default=None)
        out[f"bart_{case.name}_nrmse"] = None if other is None else nrmse(other.squeeze(), case.truth)
    return out


def sweep(steps: int = 9) -> dict[str, dict[float, float]]:
    """NRMSE by regularisation, half-octaves around the values above, for both programs."""
    out: dict[str, dict[float, float]] = {}
    for case in (CartesianCase(), RadialCase()):
        for name, middle, run in (("ours", OURS, case.ours), ("bart", BART, lambda r, c=case: c.bart(r)[0])):
            if name == "bart" and not bart.installed():
                continue
            values = middle[case.name] * np.sqrt(2.0) ** (np.arange(steps) - steps // 2)
            out[f"{name} {case.name}"] = {float(v): nrmse(run(float(v)).squeeze(), case.truth) for v in values}
    return out
