"""A small body and a small pump, so that these tests need no patient and no real device."""

import pytest

from proband.model import *
from proband.trials import Library
from proband.units import *
from small_parts import tube, vessel


@path
def pump(
    p_in  = end(mmHg, "at the inlet"),
    p_out = end(mmHg, "at the outlet"),
    flow  = state(0.0, mL/s, "through the pump"),
    speed = command(3000.0, rpm, "of the rotor", low=0, high=9000),
    clamp = command(0.0, one, "how far the outlet is closed", low=0, high=1),
    a     = param(1e-5, mmHg/rpm**2, "head per speed squared", "assumed: a test"),
    L     = param(0.05, mmHg*s*s/mL, "inertance", "assumed: a test"),
    R     = param(0.5, mmHg*s/mL, "resistance", "assumed: a test"),
):  # fmt: skip
    head = a * speed * speed
    return gives(
        flow=flow,
        d_flow=(p_in - p_out + head - (1 + 100 * clamp) * R * flow) / L,
        head=(head - R * flow, mmHg, "pressure rise"),
    )


@controller(period=20 * ms)
def watch(
    flow  = reads(L_min, "pump flow"),
    limit = command(1.0, L_min, "alarm limit", low=0, high=10),
    calls = memory(0.0, one, "samples below the limit"),
):  # fmt: skip
    return gives(next_calls=calls + 1 if flow < limit else 0, low_flow=alarm(calls > 5, "high", "pump flow is low"))


def small_pump(inlet, outlet, speed=3000 * rpm):
    return Assembly(
        parts={"rotor": pump(inlet, outlet, speed=speed), "box": watch(flow=".rotor.flow")},
        tells={
            "flow": ".rotor.flow",
            "speed": ".rotor.speed",
            "head": ".rotor.head",
            "clamp": ".rotor.clamp",
            "low_flow": ".box.low_flow",
        },
    )


def plain(C=1.5 * mL / mmHg):
    return Body(
        artery=vessel(C=C, volume=200 * mL),
        vein=vessel(C=50 * mL / mmHg, volume=1000 * mL),
        arteriole=tube("artery", "vein"),
        valve=tube("vein", "artery", R=5 * mmHg * s / mL),
    ).with_sources(lambda row: "assumed: as a test needs it")


def brittle():
    """A patient that breaks: its artery empties through a tube that drives itself."""

    return plain().attach(leak=runaway("artery", "vein"))


@path
def runaway(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    flow  = state(0.001, mL/s, "through it"),
    rate  = param(0.0, 1/s, "growth", "assumed: a test"),
):  # fmt: skip
    return gives(flow=flow, d_flow=rate * flow + 0 * (p_in - p_out) / (1 * mmHg) * flow / (1 * s))


SHEETS = {"plain": plain, "stiff": lambda: plain(C=0.8 * mL / mmHg), "brittle": brittle}


@pytest.fixture(scope="session")
def library():
    return Library(
        lambda: list(SHEETS),
        lambda name: SHEETS[name](),
        lambda: ["small_pump"],
        lambda name: small_pump,
    )


TRIAL = """
patient: plain
attach:
  lvad: {device: small_pump, from: vein, to: artery, settings: {speed: 3000 rpm}}
settle: 5 s
protocol:
  - name: baseline
    hold: 6 s
  - name: ramp
    ramp: {lvad.speed: {from: 3200 rpm, to: 3600 rpm, by: 200 rpm}}
    hold: 6 s
  - name: bleed
    bleed: {from: vein, percent: 20, over: 10 s}
    hold: 12 s
  - name: shut
    clamp: lvad
    hold: 4 s
measures:
  - lvad.flow.mean
  - {measure: artery.pressure.mean, title: Arterial pressure}
  - lvad.speed.mean
  - vein.volume.last
criteria:
  - {measure: artery.pressure.mean, step: baseline, at_least: 5 mmHg, why: "a test"}
record: {signals: [artery.pressure, lvad.flow], every: 10 ms, last: 1 s}
report: {pressures: [artery.pressure], flows: [lvad.flow], loops: [artery], against: lvad.speed.mean,
         charts: [{device: lvad, flow: lvad.flow, head: lvad.head, speed: lvad.speed}]}
"""


@pytest.fixture
def text():
    return TRIAL
