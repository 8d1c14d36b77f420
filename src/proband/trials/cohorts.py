"""Who takes part: names, and values that differ from patient to patient."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from proband.model import Body, Row
from proband.trials.grammar import Trial
from proband.trials.hearts import Exchanged
from proband.trials.participants import Cohort
from proband.trials.refusal import Refused
from proband.trials.values import Spread, Value, one_each
from proband.units import NONE_DIMENSION, Quantity, UnitError, one, parse_quantity, percent


@dataclass(frozen=True)
class Person:
    """Whose body is built: a data sheet, and what is otherwise in the heart."""

    sheet: str
    heart: Exchanged = ()


def patients_of(trial: Trial) -> list[Person]:
    """Who each patient is, in order. Raises Refused."""
    sheets = _sheets(trial)
    hearts = trial.heart.of_each(len(sheets), trial.place)
    return [Person(sheet, heart) for sheet, heart in zip(sheets, hearts)]


def _sheets(trial: Trial) -> list[str]:
    """The data sheet of each patient."""
    who = trial.patient
    if isinstance(who, Cohort):
        sheets = [who.of] if isinstance(who.of, str) else who.of
        return [sheets[i % len(sheets)] for i in range(who.n)]
    return [who] if isinstance(who, str) else list(who)


def drawn(
    value: str | tuple[str, ...] | Spread, row: Row, own: float | None, key: str, seed: int, n: int
) -> np.ndarray | float:
    """What patients get for a row, in SI: one number for all, or one each. Raises Refused or ModelError."""
    if isinstance(value, Spread):
        values = _draw(value, row, own, key, seed, n)
        row.accept(quantity(float(values.min()), row), key)
        row.accept(quantity(float(values.max()), row), key)
        return values
    if isinstance(value, str) and row.names and not is_quantity(value):
        return row.accept(value, key)
    if isinstance(value, tuple):
        return np.array([row.accept(_given(v), f"{key} of patient {i}") for i, v in enumerate(one_each(value, n), 1)])
    return row.accept(_given(value), key)


def is_quantity(text: str) -> bool:
    """Whether a text is a number with its unit, and no name of a choice."""
    try:
        parse_quantity(text)
    except UnitError:
        return False
    return True


def _given(text: str) -> Quantity | float:
    """A plain number stays one, so that a row with a unit asks for it."""
    quantity = parse_quantity(text)
    return quantity.si if quantity.unit == one else quantity


def _draw(spread: Spread, row: Row, own: float | None, key: str, seed: int, n: int) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    # One stream for each row; a patient's number is its place in the stream, whatever the size of the cohort.
    stream = np.random.Generator(np.random.Philox(key=[seed, _number(key)]))
    u = stream.random(n)
    low = -np.inf if spread.low is None else row.accept(parse_quantity(spread.low), f"{key} (low)")
    high = np.inf if spread.high is None else row.accept(parse_quantity(spread.high), f"{key} (high)")
    if low >= high:
        raise Refused(f"the spread of {key} has low = {spread.low}, which is not below high = {spread.high}.")
    if spread.distribution == "uniform":
        return low + (high - low) * u
    centre = row.accept(parse_quantity(spread.centre), f"{key} (centre)") if spread.centre is not None else own
    if centre is None:
        raise Refused(f"{key} has no value of its own to spread around; give a centre.")
    sd = _sd(spread.sd or "", row, centre)
    if spread.distribution == "lognormal":
        if not centre > 0:
            raise Refused(f"{key} is {row.unit.of(centre):g} {row.unit}; a lognormal spread needs a centre above zero.")
        sigma = np.sqrt(np.log1p((sd / centre) ** 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (ndtr(np.log(max(x, 0.0) / centre) / sigma) if np.isfinite(x) else float(x > 0) for x in (low, high))
        return np.clip(centre * np.exp(sigma * ndtri(a + (b - a) * u)), low, high)
    a, b = ndtr((low - centre) / sd), ndtr((high - centre) / sd)
    return np.clip(centre + sd * ndtri(a + (b - a) * u), low, high)


def _sd(text: str, row: Row, centre: float) -> float:
    quantity = parse_quantity(text)
    if quantity.unit == percent and row.unit != percent:
        return abs(centre) * quantity.si
    if quantity.dimension != row.unit.dimension:
        raise Refused(f"the sd of {row.name} is given as {text}, but its unit is {row.unit}; write it so, or in %.")
    # A difference of temperatures has no offset.
    return quantity.si - (
        row.unit.offset if quantity.dimension != NONE_DIMENSION and quantity.unit == row.unit else 0.0
    )


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "little") >> 1


def resolved(trial: Trial, body: Body, name: str, value: Value, n: int) -> float | np.ndarray:
    """What patients get for a row of a body, in SI: one number for all, or one each. Raises Refused or ModelError."""
    part, row = body.row(name)
    return drawn(value, row, body.parts[part].value(row.name), f"{part}.{row.name}", trial.seed, n)


def quantity(si: float, row: Row) -> Quantity:
    """A row's value, as people would write it."""
    return Quantity(si, row.unit.dimension, row.unit)
