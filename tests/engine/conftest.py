"""The test body and nine patients in it; compiled code goes to a folder of its own."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from engine_parts import make_body


@pytest.fixture(scope="session")
def body():
    return make_body()


@pytest.fixture(scope="session")
def parameters():
    """Nine patients that differ."""
    scale = np.linspace(0.8, 1.2, 9)
    return {"left.E_max": 2.0 * scale, "systemic.R": 1.0 / scale, "clock.rate": 70 + 20 * (scale - 1)}
