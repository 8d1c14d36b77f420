"""The flip angle that channels make which play by themselves, by the Bloch equations on the fields' voxels."""

from __future__ import annotations

import numpy as np

from proband.mr.scans.preparing import Prepared
from proband.mr.sequence.timeline import Timeline, Waveform


def flip_map(ready: Prepared, inside: np.ndarray) -> np.ndarray:
    """|flip| of the first pulse of several channels over the nominal one, or over its mean where a file does not say one,
    (nx, ny, nz), 0 outside. Of a single slice it is told in the slice's middle."""
    from dataclasses import replace

    from proband.mr.phantom.spins import Isochromats
    from proband.mr.spins import play

    fields, grid, timeline = ready.scene.fields, ready.grid, ready.timeline
    at = np.flatnonzero(inside)
    n = len(at)
    place = fields.grid.points().reshape(-1, 3)[at]
    thin = tuple(ready.info.get("axes", (0, 1, 2)))[2]
    if grid.shape[thin] == 1:
        normal = grid.affine[:3, thin] / grid.voxel[thin]
        middle = grid.affine[:3, :3] @ ((np.array(grid.shape) - 1) / 2) + grid.affine[:3, 3]
        place = place - ((place - middle) @ normal)[:, None] * normal
    spins = Isochromats(
        position=place,
        density=np.ones(n),
        T1=np.full(n, 1e3),
        T2=np.full(n, 1e3),
        off_resonance=fields.off_resonance.ravel()[at],
        transmit=fields.transmit.reshape(len(fields.transmit), -1)[:, at] / ready.shim.reference,
        voxel=np.arange(n),
    )
    pulse = next(p for p in timeline.pulses if len(p.wave) > 1)
    end = pulse.start + pulse.step * pulse.wave.shape[1]
    gradients = tuple(_from(w, pulse.start, end) for w in timeline.gradients)
    alone = Timeline((replace(pulse, start=0.0),), gradients, (), end - pulse.start + 1e-5)  # type: ignore[arg-type]
    _, state = play(alone, spins, np.ones((1, n)), precision="float64")
    m = np.asarray(state.magnetisation)
    flip = np.arctan2(np.hypot(m[0], m[1]), m[2])
    nominal = np.deg2rad(float(ready.info["flip"])) if "flip" in ready.info else float(flip.mean())
    out = np.zeros(inside.shape)
    out.ravel()[at] = flip / nominal
    return out


def _from(wave: Waveform, begin: float, end: float) -> Waveform:
    """What is played from `begin` to `end`, on a clock of its own."""
    knots = wave.times[(wave.times > begin) & (wave.times < end)]
    times = np.concatenate([[begin], knots, [end]])
    return Waveform(times - begin, np.interp(times, wave.times, wave.values, 0, 0) if len(wave.times) else 0 * times)
