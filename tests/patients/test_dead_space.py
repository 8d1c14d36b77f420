"""Dead space as a laboratory finds it: from expired carbon dioxide against expired volume at the mouth."""

import itertools

import numpy as np
import pytest

from proband.engine import Engine, cpu
from proband.engine.settling import hastened
from proband.patients import load
from proband.units import *

pytestmark = pytest.mark.skipif(not cpu.available(), reason="llvmlite is not installed")
SEEN = ["mouth.flow", "gas_airway.PCO2", "gas_aorta.PCO2", "airway.volume", "trachea.volume"]


def expirations(traces):
    """Of every whole expiration: expired volume (mL) and PCO2 (mmHg), sample by sample."""
    flow = -traces["mouth.flow"][0] * 1000 / 60  # mL/s, outwards
    out = flow > 0
    begins = np.flatnonzero(~out[:-1] & out[1:]) + 1
    for begin, after in itertools.pairwise(begins):
        end = begin + int(np.argmin(out[begin:after]))
        if end - begin > 50:
            yield flow[begin:end] * 0.010, traces["gas_airway.PCO2"][0][begin:end]


def fowler(volumes, PCO2):
    """Anatomical dead space (mL): a front that stands so that both areas beside it are equal (Fowler 1948)."""
    expired = np.cumsum(volumes)
    plateau = (expired > 0.7 * expired[-1]) & (expired < 0.95 * expired[-1])
    line = np.polyval(np.polyfit(expired[plateau], PCO2[plateau], 1), expired)
    missing = np.sum((line - PCO2) * volumes)
    return expired[np.searchsorted(np.cumsum(line * volumes), missing)]


@pytest.fixture(scope="module", params=["breathing_man", "pulmonary_embolism"])
def breath(request):
    """Patient, tidal volume, Fowler's and Enghoff's dead space, and the airways' own volume, mL."""
    run = Engine(load(request.param), observe=SEEN, lanes=1).start(1)
    with hastened(run):
        run.advance(150 * s)
    run.advance(20 * s)
    run.record(every=10 * ms)
    run.advance(30 * s)
    assert not run.failures
    traces = run.traces()
    arterial = traces["gas_aorta.PCO2"][0].mean()
    found = [
        (v.sum(), fowler(v, p), v.sum() * (1 - np.sum(v * p) / v.sum() / arterial)) for v, p in expirations(traces)
    ]
    airways = traces["airway.volume"][0].mean() + traces["trachea.volume"][0].mean()
    assert len(found) >= 5
    return (request.param, *np.median(found, axis=0), airways)


def test_anatomical_dead_space_is_the_airways(breath):
    """150 mL in a man (Fowler 1948: 156 ± 28); the front lies within the airways, before their end since it is blurred, and
    the more so the smaller the breath."""
    patient, _, anatomical, _, airways = breath
    if patient == "breathing_man":
        assert anatomical == pytest.approx(150, abs=28)
    assert 0.65 < anatomical / airways < 1.05


def test_physiological_dead_space(breath):
    """Enghoff 1938: in health a third of a breath; plugged arteries add alveoli that are ventilated in vain."""
    patient, tidal, anatomical, physiological, _ = breath
    alveolar = physiological - anatomical
    if patient == "breathing_man":
        assert 0.25 < physiological / tidal < 0.38
        assert 0 < alveolar < 60
    else:
        assert physiological / tidal > 0.40
        assert alveolar > 60
