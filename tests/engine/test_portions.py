"""Places that a substance passes in portions: how late it arrives, how far it scatters, and that none is lost."""

from dataclasses import replace

import numpy as np
import pytest

from proband.engine import Engine
from proband.engine.flatten import flatten
from proband.model import *
from proband.units import *

DYE = Substance("dye", mg, "an indicator")
FLOW, VOLUME = 50.0, 200.0  # mL/s, mL


@compartment
def pool(
    volume = state(VOLUME, mL, "blood"),
    C      = param(1.0, mL/mmHg, "compliance", "assumed: a test", low=0),
):  # fmt: skip
    """Soft."""
    return gives(pressure=volume / C)


@path
def pump(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    rate  = command(FLOW, mL/s, "wanted", low=-1000, high=1000),
):  # fmt: skip
    """What is wanted, whatever the pressures."""
    return gives(flow=rate)


@reaction
def needle(dose=command(0.0, mg / s, "given each second")):
    """Gives."""
    return gives(rate=dose)


def line(portions, **more):
    body = Body(
        source=pool(volume=1e5 * mL),
        bed=pool(portions=portions),
        sink=pool(volume=1e5 * mL),
        into=pump("source", "bed"),
        out=pump("bed", "sink"),
    )
    return body.carrying(DYE).attach(**more)


def passage(portions):
    """Mean and standard deviation (s) of the transit times from the source into the sink, of a step of dye."""
    body = line(portions).filled({"source.dye": 1.0 * mg / mL})
    run = Engine(body, observe=["bed.dye_concentration"]).start()
    run.record(every=1 * ms)
    run.advance(40 * s)
    left = 1 - run.traces()["bed.dye_concentration"].squeeze()  # of what began its way at nought
    time = np.arange(1, len(left) + 1) * 1e-3
    mean = np.sum(left) * 1e-3
    return mean, np.sqrt(2 * np.sum(left * time) * 1e-3 - mean**2)


@pytest.mark.parametrize("portions", [1, 2, 6])
def test_the_mean_transit_is_volume_over_flow_and_the_scatter_one_over_root_n(portions):
    mean, scatter = passage(portions)
    assert mean == pytest.approx(VOLUME / FLOW, rel=0.002)
    assert scatter / mean == pytest.approx(portions**-0.5, rel=0.005)


def test_nothing_is_lost_when_the_flow_turns_and_the_bed_swells():
    run = Engine(line(4).filled({"source.dye": 1.0 * mg / mL, "bed.dye": 3.0 * mg / mL})).start()
    held = [run.now(f"{place}.dye") for place in ("source", "bed", "sink")]
    for into, out in ((80, 50), (-30, -60), (40, -20), (20, 90)):
        run.command("into.rate", into * mL / s)
        run.command("out.rate", out * mL / s)
        run.advance(2 * s)
        assert run.now("bed.dye_concentration")[0] >= 0
    assert sum(run.now(f"{place}.dye") for place in ("source", "bed", "sink")) == pytest.approx(sum(held), rel=1e-12)


def test_an_even_content_stays_even():
    body = line(5).filled({f"{place}.dye": 2.0 * mg / mL for place in ("source", "bed", "sink")})
    run = Engine(body).start()
    run.command("out.rate", 20 * mL / s)
    run.advance(10 * s)
    assert run.now("bed.dye_concentration")[0] == pytest.approx(2.0, rel=1e-9)


def test_what_flows_back_comes_from_the_portion_at_that_end():
    """Dye that has just come in lies at the entrance: sent back for as long it returns, where one mixed place keeps most of it."""
    kept = {}
    for portions in (1, 6):
        run = Engine(line(portions).filled({"source.dye": 1.0 * mg / mL})).start()
        run.advance(1 * s)
        came = run.now("bed.dye")[0]
        run.command("into.rate", -FLOW * mL / s)
        run.command("out.rate", -FLOW * mL / s)
        run.advance(1 * s)
        kept[portions] = run.now("bed.dye")[0] / came
    assert kept[1] == pytest.approx(np.exp(-FLOW / VOLUME), rel=0.01)
    assert kept[6] < 0.6 * kept[1]


def test_a_reaction_meets_the_last_portion():
    """A needle near the exit: what it gives leaves soon, and never fills the portions before it."""
    run = Engine(line(4, needle=needle("bed", substance="dye")), observe=["bed.dye", "bed.dye_concentration"]).start()
    run.command("needle.dose", 10 * mg / s)
    run.advance(10 * s)
    assert run.now("bed.dye")[0] == pytest.approx(10 * VOLUME / FLOW / 4, rel=0.01)
    assert run.now("bed.dye_concentration")[0] == pytest.approx(10 / FLOW, rel=0.01)


def test_a_place_that_is_filled_anew_is_filled_evenly():
    run = Engine(line(3).filled({"source.dye": 1.0 * mg / mL})).start()
    run.advance(1 * s)
    run.fill("bed", "dye", 0.5 * mg / mL)
    assert run.now("bed.dye_concentration")[0] == pytest.approx(0.5)


def test_only_compartments_are_passed_in_portions():
    for portions in (0, 2.5):
        with pytest.raises(ModelError, match="whole number"):
            pool(portions=portions)
    with pytest.raises(ModelError, match="pump is a path"):
        pump("a", "b", portions=2)


def test_a_body_that_carries_nothing_pays_nothing():
    def fingerprint(portions):
        body = line(portions)
        slow = tuple(replace(c, period=10 * ms) for c in body.substances)
        return [flatten(body._like(dict(body.parts), substances=c), None, 1_000_000).fingerprint for c in ((), slow)]

    assert fingerprint(6) == fingerprint(1)
