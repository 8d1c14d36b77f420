"""Vaughan 2001: field, power and signal of the head at 7 T against 4 T."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Volunteers in a TEM resonator for the head that sends and hears: the head of formulas in a coil of 28 cm by 22 cm (assumed: an open head coil of that time); the amplifiers' noise figure is the paper's, 1.3 dB; the pulse that excites is one of 90° in the middle of the head."
VOXEL = 0.012  # m


def seen(B0):
    from proband.evidence.scoring.scanned import brain, head_coil, heard_in_quadrature, in_quadrature
    from proband.mr import phantom
    from proband.mr.scanner.fields import fields

    head = phantom.build("head", B0, voxel=VOXEL)
    here = fields(head_coil(B0, noise_figure=1.3, kind="tem"), head, "volume")
    place, matter, field = head.grid.points(), brain(head), in_quadrature(here)
    low, high = np.percentile(field[matter & (np.abs(place[..., 2]) < 0.51 * VOXEL)], (2, 98))
    middle = field[np.linalg.norm(place, axis=-1) < 0.02].mean()
    image = heard_in_quadrature(here) * np.sin(np.pi / 2 * field / middle)
    return 100 * (1 - low / high), middle, image[matter].mean()


def experiment(lab: Lab):
    done = [lab.bench(lambda B0=B0: seen(B0)) for B0 in (4.0, 7.0)]

    def told():
        (fall_4, field_4, heard_4), (fall_7, field_7, heard_7) = (bench() for bench in done)
        return {
            "vaughan-b1-4": fall_4,
            "vaughan-b1-7": fall_7,
            "vaughan-power": (field_4 / field_7) ** 2,
            "vaughan-snr": heard_7 / heard_4,
        }

    return told


if __name__ == "__main__":
    tell(__file__)
