"""The MNI152 template as a patient of the scanner: grey and white matter from nilearn, where it is installed."""

import sys

import numpy as np

from proband.model import ModelError
from proband.mr.phantom.importing import mni152
from proband.mr.phantom.isochromats import isochromats

field = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
try:
    patient = mni152(field)
except ModelError as why:
    print(f"Not today: {why}")
else:
    voxel = 1e3 * np.prod(patient.grid.voxel)  # L
    for number, tissue in enumerate(patient.tissues):
        print(f"{tissue}: {voxel * np.sum(patient.labels == number):.2f} L")
    middle = np.zeros(patient.grid.shape, bool)
    middle[:, :, patient.grid.shape[2] // 2] = True
    print(f"{len(isochromats(patient, region=middle).density):,} spins in one slice at {field:g} T")
