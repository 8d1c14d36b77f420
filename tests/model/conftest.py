"""A small body."""

import sys
from pathlib import Path

import pytest

from proband.model import Body
from proband.units import *

sys.path.insert(0, str(Path(__file__).parent))
from model_parts import watch

from small_parts import tube, vessel


@pytest.fixture
def body():
    return Body(
        artery=vessel(volume=150 * mL),
        vein=vessel(C=20 * mL / mmHg, volume=400 * mL),
        bed=tube("artery", "vein"),
        watch=watch(pressure="artery.pressure"),
    )
