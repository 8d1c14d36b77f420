"""Maxwell's equations in a lossy body: a volume-integral equation on a cubic grid.

The body carries a polarisation p = (ε − 1) E (in units of ε0, so a field in V/m), with the complex permittivity
ε = ε_r − jσ/(ωε0) and time as e^{+jωt}. It radiates as in vacuum,

    E = E_inc + k² ∫ g p + ∇ ∫ g ∇·p ,      g = e^{−jkR}/(4πR).

p lives on the faces of the cells, as a flux, and charge in the cells: a current without divergence then makes no
charge on the grid either, which the high contrast of tissue demands (a current constant in each cell is 50 % off
on a 10 mm grid; compare the weak form of Zwamborn and van den Berg 1992, IEEE Trans Microw Theory Tech 40:1757).
Between two cells the flux meets them in series: a face has the harmonic mean of their permittivities.

p/(ε − 1) − G p = E_inc is symmetric and is solved by conjugate residuals, G by FFT on a doubled grid."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from proband.model import ModelError
from proband.mr.scanner import green

EPS0 = 8.8541878128e-12  # F/m
MU0 = 1.25663706212e-6  # H/m
C0 = 299792458.0  # m/s

TOLERANCE = (
    1e-2  # residual over right-hand side; the field's error against Mie's series is set by the grid, not by this
)
MOST = 400  # steps for one source; a body that needs more is refused


THREADS = 4  # sources solved side by side; each keeps a few times the body's size


@dataclass(frozen=True, eq=False)
class Body:
    """Cells of edge `h` (m); `origin` (3,) is the centre of the first; complex permittivity (nx, ny, nz), 1 in air.

    The outermost cells are air."""

    h: float
    origin: np.ndarray
    permittivity: np.ndarray
    frequency: float  # Hz

    @property
    def k0(self) -> float:
        """Wave number of vacuum, rad/m."""
        return 2 * np.pi * self.frequency / C0

    @property
    def conductivity(self) -> np.ndarray:
        """S/m."""
        return -np.imag(self.permittivity) * 2 * np.pi * self.frequency * EPS0

    def axes(self) -> list[np.ndarray]:
        """Centres of the cells along x, y, z, m."""
        return [self.origin[i] + np.arange(n) * self.h for i, n in enumerate(self.permittivity.shape)]

    def centres(self) -> np.ndarray:
        """(nx, ny, nz, 3) m."""
        return np.stack(np.meshgrid(*self.axes(), indexing="ij"), axis=-1)


@dataclass(frozen=True, eq=False)
class Solution:
    """One field for each source: E within the body's cells (zero in air) and B in all, (sources, 3, nx, ny, nz)."""

    E: np.ndarray
    B: np.ndarray
    steps: int  # of the iteration, all sources together


class _Operator:
    """The left side, on those faces that touch tissue, x before y before z in one vector."""

    def __init__(self, body: Body):
        eps = body.permittivity
        self.shape, self.h = eps.shape, body.h
        self.kernel = green.potential(self.shape, body.h, body.k0)
        self.square = self.kernel * np.float32(body.k0**2)
        self.steps = green.differences(self.shape, body.h)
        self.divergence = [-np.conj(d) for d in self.steps]
        self.faces = []
        values = []
        for axis in range(3):
            face = 2 / (1 / eps + 1 / np.roll(eps, 1, axis))
            used = np.abs(face - 1) > 1e-6
            self.faces.append(used)
            values.append(face[used])
        self.permittivity = np.concatenate(values).astype(np.complex64)
        self.root = np.sqrt((self.permittivity - 1) / self.permittivity)
        self.inverse = 1 / self.permittivity
        self.ends = np.cumsum([0, *(int(f.sum()) for f in self.faces)])

    def grid(self, p: np.ndarray, axis: int) -> np.ndarray:
        """One component on the whole grid of faces."""
        out = np.zeros(self.shape, np.complex64)
        out[self.faces[axis]] = p[self.ends[axis] : self.ends[axis + 1]]
        return out

    def radiated(self, p: np.ndarray) -> np.ndarray:
        """G p."""
        out = np.empty_like(p)
        spectra = [_forward(self.grid(p, axis)) for axis in range(3)]
        charge, part = spectra[0] * self.divergence[0], np.empty_like(spectra[0])
        for axis in (1, 2):  # from faces to cells
            charge += np.multiply(spectra[axis], self.divergence[axis], out=part)
        charge *= self.kernel
        for axis in range(3):
            whole = spectra[axis]
            whole *= self.square
            whole += np.multiply(self.steps[axis], charge, out=part)
            out[self.ends[axis] : self.ends[axis + 1]] = _back(whole, self.shape)[self.faces[axis]]
        return out

    def __call__(self, y: np.ndarray) -> np.ndarray:
        """1/ε − √D G √D with D = (ε − 1)/ε: symmetric, and the contrast of tissue does not slow its solution."""
        return self.inverse * y - self.root * self.radiated(self.root * y)


def _forward(a: np.ndarray) -> np.ndarray:
    """Transform on the doubled grid, each axis padded only when its turn comes (zeros are not transformed)."""
    from scipy.fft import fft

    for axis in (2, 1, 0):
        a = np.asarray(fft(a, n=2 * a.shape[axis], axis=axis))
    return a


def _back(a: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Transform back, in the memory of `a`; of the doubled grid only the first half is wanted."""
    from scipy.fft import ifft

    for axis in (0, 1, 2):
        a = np.asarray(ifft(a, axis=axis, overwrite_x=True))
        a = a[tuple(slice(0, n) if i == axis else slice(None) for i, n in enumerate(shape))]
    return a


def solve(body: Body, E_inc: np.ndarray, B_inc: np.ndarray, tolerance: float = TOLERANCE) -> Solution:
    """The fields of several sources in one body, of which E_inc (V/m) and B_inc (T) would be there without it,
    (sources, 3, nx, ny, nz). Raises ModelError where the iteration does not settle."""
    eps = body.permittivity
    if not np.all(np.isfinite(eps)) or np.imag(eps).max() > 0 or np.real(eps).min() < 1:
        raise ModelError(
            "the patient's permittivity must be finite and 1 or more, its conductivity finite and 0 or more."
        )
    if any(np.abs(np.take(eps, i, axis) - 1).max() > 1e-6 for axis in range(3) for i in (0, -1)):
        raise ModelError("the outermost cells of a body in a wave must be air; pad it by one cell all around.")
    operate = _Operator(body)
    n = len(operate.permittivity)
    if n == 0:
        raise ModelError("the patient has no tissue with permittivity or conductivity, so no wave can be solved in it.")
    curl = green.slope(operate.shape, body.h, body.k0)

    def one(E_0: np.ndarray, B_0: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
        at_faces = [0.5 * (E_0[a] + np.roll(E_0[a], 1, a))[operate.faces[a]] for a in range(3)]
        y, steps = _residuals(operate, operate.root * np.concatenate(at_faces).astype(np.complex64), tolerance)
        p, flux = operate.root * y, y / operate.root  # p = (ε − 1) E at a face; the flux ε E goes on in both its cells
        E = np.stack([_to_cells(operate.grid(flux, a), a) for a in range(3)]) / eps.astype(np.complex64)
        E[:, np.abs(eps - 1) < 1e-6] = 0
        s = [_forward(_to_cells(operate.grid(p, a), a)) for a in range(3)]
        strength = np.complex64(2j * np.pi * body.frequency * EPS0 * MU0)  # B = μ0 ∇ × ∫ g J with J = jωε0 p
        B = [_back(curl[i] * s[j] - curl[j] * s[i], operate.shape) for i, j in ((1, 2), (2, 0), (0, 1))]
        return E, (B_0 + strength * np.stack(B)).astype(np.complex64), steps

    with ThreadPoolExecutor(max_workers=min(THREADS, os.cpu_count() or 1)) as pool:  # NumPy's loops let others run
        found = list(pool.map(one, E_inc, B_inc))
    return Solution(np.stack([f[0] for f in found]), np.stack([f[1] for f in found]), sum(f[2] for f in found))


def _to_cells(a: np.ndarray, axis: int) -> np.ndarray:
    """The mean of a cell's two faces."""
    return 0.5 * (a + np.roll(a, -1, axis))


def _residuals(operate: _Operator, rhs: np.ndarray, tolerance: float) -> tuple[np.ndarray, int]:
    """Solves A y = rhs for a symmetric complex A by conjugate orthogonal conjugate residuals (Sogabe and Zhang 2007,
    J Comput Appl Math 199:297): one application of A a step, and nothing to remember.

    Returns y and the number of steps."""
    size = np.linalg.norm(rhs)
    y = np.zeros_like(rhs)
    if size == 0:
        return y, 0
    rest, made = rhs.copy(), operate(rhs)
    along, made_along = rest.copy(), made.copy()
    weight, off = np.dot(rest, made), size
    for count in range(1, MOST + 1):
        step = weight / np.dot(made_along, made_along)
        y += step * along
        rest -= step * made_along
        off = np.linalg.norm(rest)
        if not np.isfinite(off):
            raise ModelError("the wave in the patient diverged; look for a tissue with an extreme permittivity.")
        if off <= tolerance * size:
            return y, count
        made = operate(rest)
        weight, before = np.dot(rest, made), weight
        turn = weight / before
        along = rest + turn * along
        made_along = made + turn * made_along
    raise ModelError(
        f"the wave in the patient did not settle within {MOST} steps (residual {off / size:.2g}); "
        "its grid is too coarse for its tissues."
    )
