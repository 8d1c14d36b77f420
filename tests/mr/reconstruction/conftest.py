"""A head of 64 × 64 voxels, eight loops round it."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from proband.mr.reconstruction.bench_object import head, loops


@pytest.fixture(scope="session")
def object64():
    return head(64, texture=0.03)


@pytest.fixture(scope="session")
def maps64():
    return loops(64, 8)


@pytest.fixture(scope="session")
def magnitude64(object64):
    return np.abs(object64).astype(np.complex64)
