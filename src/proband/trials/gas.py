"""What the patient breathes: the gas of the room, as a step of the protocol changes it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from proband.laws.gas import AIR
from proband.model import Body, Row, did_you_mean
from proband.trials.cohorts import drawn
from proband.trials.grammar import Trial
from proband.trials.refusal import Refused
from proband.trials.values import Value
from proband.units import mol, parse_unit, percent

ROOM, REST = "room", "nitrogen"  # where the gas is, and what it is where nothing else is said


def shares(trial: Trial, body: Body, mixture: Mapping[str, Value], n: int) -> dict[str, float | np.ndarray]:
    """The share of every gas in the room, one for all patients or one each. Raises Refused or ModelError."""
    if ROOM not in body.parts:
        raise Refused(
            "this patient has no lungs and breathes nothing; take one who breathes (`proband list patients`)."
        )
    known = [*AIR, *(c.name for c in trial.carry if parse_unit(c.unit).dimension == mol.dimension)]
    for gas in mixture:
        if gas not in known:
            raise Refused(
                f"{gas!r} is no gas that this patient's air carries{did_you_mean(gas, known)}; it carries {', '.join(known)}."
            )
    found: dict[str, float | np.ndarray] = dict.fromkeys(known, 0.0)
    for gas, value in mixture.items():
        row = Row("command", percent, f"share of {gas} in the dry gas", low=0.0, high=1.0, name=gas)
        found[gas] = drawn(value, row, AIR.get(gas), f"{ROOM}.{gas}", trial.seed, n)
    total = sum(np.asarray(share) for share in found.values())
    if REST not in mixture:
        found[REST] = 1.0 - total
        total = np.where(total > 1, total, 1.0)
    if np.any(np.abs(total - 1) > 1e-9):
        raise Refused(
            f"the gas to breathe adds up to {100 * float(np.max(np.abs(total))):.4g} %; shares of the dry gas make 100 %"
            + (f", and what is left over is {REST}." if REST not in mixture else ".")
        )
    return found
