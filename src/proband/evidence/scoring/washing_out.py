"""A multiple-breath washout as it is done: gas with a little tracer in the whole lung, then breaths without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proband.units import s

FIRST = 0.002  # share of the gas


@dataclass(frozen=True)
class Washout:
    """What the meter found, beside the volume that the lungs and airways had at the ends of the breaths before (mL)."""

    capacity: float
    known: float
    clearance_index: float
    minutes: float


def wash_out(patient: str, values: Mapping[str, float] | None = None, longest: float = 20.0) -> Washout:
    """A patient at rest, lungs and airways filled evenly, who breathes until a fortieth is left or so many minutes have gone."""
    from proband.devices.washout import washout_meter
    from proband.engine import Engine
    from proband.engine.settling import hastened
    from proband.laws.gas import inspired
    from proband.patients import load
    from proband.patients.gases import TRACER

    body = load(patient).carrying(TRACER).attach(washout=washout_meter("airway", "room"))
    places = [name for name in body.parts if name.startswith("alveoli_")] + ["trachea", "airway"]
    volumes = [f"{place}.volume" for place in places]
    seen = ["washout.capacity", "washout.clearance", "washout.over"]
    run = Engine(body, observe=[*seen, *volumes]).start(1, values=dict(values or {}))
    with hastened(run):
        run.advance(180 * s)
    known = _until_expired(run, volumes)
    for place in places:
        run.fill(place, "tracer", inspired(FIRST))
    run.command("washout.start", 1)
    begun = run.time
    while run.time - begun < 60 * longest and run.now("washout.over")[0] < 0.5:
        run.advance(10 * s)
    return Washout(
        capacity=float(run.now("washout.capacity")[0]),
        known=known,
        clearance_index=float(run.now("washout.clearance")[0]),
        minutes=(run.time - begun) / 60,
    )


def _until_expired(run, volumes: list[str]) -> float:
    """Goes on to the end of an expiration; how much is in the lungs then (mL)."""
    from proband.units import ms

    before, falls = float("inf"), 0
    while True:
        now = sum(float(run.now(volume)[0]) for volume in volumes)
        if now > before and falls > 20:  # 0.4 s and more of expiration
            return before
        falls = falls + 1 if now < before else 0
        before = now
        run.advance(20 * ms)
