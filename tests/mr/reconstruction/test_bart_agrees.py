"""A second opinion, where BART is installed."""

import numpy as np
import pytest

from proband.mr import threads
from proband.mr.reconstruction import bart, espirit, fista, sense
from proband.mr.reconstruction.bench_object import head, line_mask, loops, nrmse
from proband.mr.reconstruction.fourier import to_kspace
from proband.mr.reconstruction.nufft import NonCartesian
from proband.mr.reconstruction.operators import Cartesian

pytestmark = pytest.mark.skipif(not bart.installed(), reason="BART is not installed")
N = 64


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """BART's threads wait by spinning: beside other tests they would take minutes for what takes a second."""
    threads.count()  # our own number is taken before
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def as_bart(coils_first):
    return coils_first.transpose(1, 2, 0)[:, :, None, :]


@pytest.fixture(scope="module")
def scan():
    maps, image = loops(N, 8), head(N)
    mask = np.tile(line_mask(N, 2, 16), (N, 1)).astype(np.float32)
    random = np.random.default_rng(0)
    noise = random.standard_normal((2, 8, N, N)) * 0.005
    kspace = (mask * (to_kspace(maps * image, (1, 2)) + noise[0] + 1j * noise[1])).astype(np.complex64)
    return image, maps, mask, kspace


def test_maps(scan):
    image, _, mask, kspace = scan
    ours, _ = espirit.maps(espirit.calibration(kspace, mask > 0), (N, N))
    theirs = bart.call("ecalib -m1 -d0 {k} {out}", {"k": as_bart(kspace)})[0].squeeze().transpose(2, 0, 1)
    both = (np.abs(image) > 0.1) & (np.abs(theirs).sum(0) > 0)
    assert both.sum() > 500
    assert np.percentile(np.abs((ours.conj() * theirs).sum(0))[both], 2) > 0.99


def test_sense(scan):
    _, maps, mask, kspace = scan
    operator = Cartesian(maps, mask, (0, 1))
    ours = sense.conjugate_gradients(operator.normal, operator.adjoint(kspace), 60, 1e-8)
    theirs = bart.call("pics -l2 -r 0.000001 -i 60 -d 0 {k} {s} {out}", {"k": as_bart(kspace), "s": as_bart(maps)})[0]
    assert nrmse(theirs.squeeze(), ours) < 0.02


def test_wavelets_are_no_worse(scan):
    image, maps, mask, kspace = scan
    operator = Cartesian(maps, mask, (0, 1))
    ours = min(
        nrmse(fista.l1_wavelet(operator.descent(), operator.adjoint(kspace), r, 50), image) for r in (1e-3, 2e-3, 4e-3)
    )
    theirs = min(
        nrmse(
            bart.call(f"pics -l1 -r {r} -i 50 -d 0 {{k}} {{s}} {{out}}", {"k": as_bart(kspace), "s": as_bart(maps)})[
                0
            ].squeeze(),
            image,
        )
        for r in (2e-3, 4e-3)
    )
    assert ours < 1.05 * theirs


def test_nufft(scan):
    image = scan[0]
    k = np.random.default_rng(0).uniform(-0.5, 0.5, (500, 2))
    ours = NonCartesian(np.ones((1, N, N), np.complex64), k, tolerance=1e-6).forward(image)[0]
    trajectory = np.zeros((3, 500))
    trajectory[:2] = k.T * N
    theirs = bart.call("nufft {t} {x} {out}", {"t": trajectory, "x": image})[0].squeeze()
    assert nrmse(theirs, ours) < 0.02  # its kernel is about that coarse
