"""An hour at rest: stores of gas that have settled stay as they are."""

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.patients import load
from proband.units import *

SEEN = ["gas_aorta.PCO2", "gas_aorta.PO2", "gas_pulmonary_artery.PO2", "monitor.mean_arterial", "monitor.cardiac_output", "aorta.nitrogen_concentration"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
def test_nothing_drifts_in_an_hour():
    run = Engine(load("breathing_man"), observe=SEEN, lanes=1).start(1)
    with hastened(run):
        run.advance(600 * s)
    run.advance(1200 * s)

    def means():
        run.begin_window()
        run.advance(300 * s)
        window = run.window()
        return np.array([float(window.mean(n)[0]) for n in SEEN])

    before = means()
    run.advance(3000 * s)
    np.testing.assert_allclose(means(), before, rtol=0.005)
    assert not run.failures
