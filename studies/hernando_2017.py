"""Hernando 2017: the fat fraction of oil in water at six sites, 1.5 T and 3 T."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Vials of oil in water, 0 to 100 %: water of 1 s and 50 ms beside fat of six peaks, one slice at 1.5 T and at 3 T, one coil, no noise."
VIALS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
ACROSS, PIXELS, SIZE = 0.03, 32, 0.12  # m between vials, matrix, m


def fractions(B0):
    """(vials,): what the maps show."""
    from dataclasses import replace

    from proband.evidence.scoring.scanned import built
    from proband.mr.phantom.fillings import solution
    from proband.mr.phantom.isochromats import isochromats
    from proband.mr.phantom.shapes import cylinder
    from proband.mr.phantom.voxelise import voxelise
    from proband.mr.raw import RawData
    from proband.mr.reconstruction import reconstruct
    from proband.mr.reconstruction.dixon import separate
    from proband.mr.space import Grid
    from proband.mr.spins import simulate

    scan = built("dixon", B0, fov=(SIZE, SIZE), matrix=(PIXELS, PIXELS), flip=3.0, TR=0.02)
    middles = [(1e3 * ACROSS * (n % 3 - 1), 1e3 * ACROSS * (n // 3 - 1), 0.0) for n in range(len(VIALS))]
    water = solution("water", B0, 1.0, 0.05, "assumed: as the vials' gel")
    mixed = {f"{share:.0%}": replace(water, name=f"{share:.0%}", density=1 - share, fat=share) for share in VIALS}
    layers = [(name, cylinder(c, (0, 0, 1), 11.0, 40.0)) for name, c in zip(mixed, middles, strict=True)]
    grid = Grid.centred((PIXELS, PIXELS, 1), (SIZE / PIXELS, SIZE / PIXELS, 9e-3))
    rack = voxelise("vials", B0, ((-SIZE / 2, SIZE / 2),) * 3, layers, voxel=1e-3, tissues=mixed, grid=grid)
    spins = replace(isochromats(rack, fat="peaks", per_voxel=(1, 1, 16)), diffusion=None)
    heard = simulate(scan.timeline, spins, np.ones((1, len(spins.density))), threads=2)
    lines = scan.timeline.readouts
    times, images = np.array(scan.info["echo_times"]), []
    for echo in range(len(times)):
        some = [n for n, r in enumerate(lines) if r.labels["ECO"] == echo]
        raw = RawData(
            signal=np.array([heard[n] for n in some], np.complex64),
            trajectory=np.array([scan.trajectory[n] for n in some]),
            times=np.array([lines[n].times for n in some]),
            labels={"LIN": np.array([lines[n].labels["LIN"] for n in some])},
            noise=np.eye(1),
            grid=grid,
            B0=B0,
            info=scan.info,
        )
        images.append(reconstruct(raw, "fft").data[:, :, 0])
    seen = separate(np.stack(images, axis=-1), times, B0).fat_fraction
    place = 1e3 * rack.grid.points()[:, :, 0, :2]
    return np.array([seen[np.linalg.norm(place - c[:2], axis=-1) < 8.0].mean() for c in middles])


def experiment(lab: Lab):
    done = [lab.bench(lambda B0=B0: fractions(B0)) for B0 in (1.5, 3.0)]

    def told():
        seen = np.mean([bench() for bench in done], axis=0)
        return {
            "hernando-slope": float(np.polyfit(VIALS, seen, 1)[0]),
            "hernando-bias": 100 * float(np.mean(seen - VIALS)),
        }

    return told


if __name__ == "__main__":
    tell(__file__)
