"""The small language of conditions: `lvad.flow.mean < 2.5 L/min and not aorta.pressure.mean > 90 mmHg`.

A condition compares measures with quantities or with each other; `and`, `or`, `not` and brackets join comparisons.
It is parsed here, word by word: nothing in a trial is ever evaluated as code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proband.model import did_you_mean
from proband.model.signals import beyond
from proband.trials.refusal import Refused
from proband.units import NONE_DIMENSION, Quantity, Unit, UnitError, parse_quantity

STATISTICS: Mapping[str, str] = {
    "mean": "time average over the measuring window",
    "min": "least value in the window",
    "max": "greatest value in the window",
    "range": "greatest less least value",
    "last": "value at the end of the window",
    "std": "standard deviation over the window",
}
PERCENTILES = (
    "value below which the signal was for so many percent of the window, to 1 % of its range; `median` is `p50`"
)
_PERCENTILE = re.compile(r"median|p[1-9]\d?")
SHARES: Mapping[str, str] = {
    "above": "share of the window's time above a value, in %, as in aorta.pressure.above(65 mmHg)",
    "below": "share of the window's time below a value, in %, as in lvad.flow.below(2.5 L/min)",
}
_SHARE_SIGNS = {"above": ">", "below": "<"}
_SHARE = re.compile(r"(.+)\.(above|below)\s*\(\s*(.+?)\s*\)")


@dataclass(frozen=True, order=True)
class Measure:
    """A statistic of a signal, written `part.quantity.statistic`.

    A share of time is the mean of whether the signal is beyond a value; its signal is `aorta.pressure > 65 mmHg`."""

    signal: str
    statistic: str

    @property
    def percent(self) -> float | None:
        """Of a percentile, which one: 95 of `p95`; None of any other statistic."""
        if not _PERCENTILE.fullmatch(self.statistic):
            return None
        return 50.0 if self.statistic == "median" else float(self.statistic[1:])

    def __str__(self) -> str:
        limit = beyond(self.signal)
        if limit is None:
            return f"{self.signal}.{self.statistic}"
        signal, sign, bound = limit
        return f"{signal}.{'above' if sign == '>' else 'below'}({bound})"


def parse_measure(text: str) -> Measure:
    """`lvad.flow.mean` or `aorta.pressure.above(65 mmHg)` as a Measure. Raises Refused."""
    share = _SHARE.fullmatch(text.strip())
    if share:
        if "." not in share[1]:
            raise Refused(f"{text!r} names no part and quantity; write it as in aorta.pressure.{share[2]}(65 mmHg).")
        try:
            parse_quantity(share[3])
        except UnitError as problem:
            raise Refused(f"{text!r} cannot be read: {problem}") from None
        return Measure(f"{share[1]} {_SHARE_SIGNS[share[2]]} {' '.join(share[3].split())}", "mean")
    if text.strip().rpartition(".")[2] in SHARES:
        raise Refused(f"{text!r} needs a value in brackets, as in {text.strip()}(65 mmHg).")
    signal, _, statistic = text.strip().rpartition(".")
    if statistic not in STATISTICS and not _PERCENTILE.fullmatch(statistic):
        raise Refused(
            f"{text!r} does not end in a statistic{did_you_mean(statistic, [*STATISTICS, 'median'])}; a measure is written "
            f"part.quantity.statistic, as in lvad.flow.mean, with one of {', '.join(STATISTICS)}, median, p1 to p99, above(…), below(…)."
        )
    if "." not in signal:
        raise Refused(
            f"{text!r} names no part and quantity; a measure is written part.quantity.statistic, as in lvad.flow.mean."
        )
    return Measure(signal, statistic)


@dataclass(frozen=True)
class Comparison:
    left: Measure | Quantity
    sign: str
    right: Measure | Quantity


@dataclass(frozen=True)
class Joined:
    word: str  # and, or, not
    terms: tuple[Comparison | Joined, ...]


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_TOKEN = re.compile(r"\s*(?:(?P<sign><=|>=|<|>)|(?P<bracket>[()])|(?P<text>[^\s<>()]+))")


@dataclass(frozen=True)
class Condition:
    """A parsed condition. Frozen; `text` is as it was written."""

    text: str
    tree: Comparison | Joined

    def measures(self) -> list[Measure]:
        """What must be measured to decide it."""
        return sorted(
            {side for c in _comparisons(self.tree) for side in (c.left, c.right) if isinstance(side, Measure)}
        )

    def check(self, unit_of: Callable[[str], Unit]) -> None:
        """Refuse comparisons between what has different units. `unit_of` gives a signal's unit, or raises."""
        for comparison in _comparisons(self.tree):
            left, right = (_dimension(x, unit_of) for x in (comparison.left, comparison.right))
            if left != right:
                raise Refused(
                    f"{self.text!r} compares {_said(comparison.left, unit_of)} with {_said(comparison.right, unit_of)}."
                )

    def decide(self, values: Callable[[Measure], np.ndarray]) -> np.ndarray:
        """True for every patient that meets it. `values` gives a measure over the patients, in SI."""
        return _decide(self.tree, values)


def parse_condition(text: str) -> Condition:
    """Raises Refused with one sentence where the text cannot be read."""
    tokens = list(_tokens(text))
    if not tokens:
        raise Refused("a condition is empty; write one as in 'lvad.flow.mean < 2.5 L/min'.")
    tree, rest = _either(tokens, text)
    if rest:
        raise _unread(text, rest[0][1])
    return Condition(text.strip(), tree)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if not found:
            raise _unread(text, text[position:].strip())
        position = found.end()
        kind = found.lastgroup or "text"
        yield (found[kind] if kind == "text" and found[kind] in ("and", "or", "not") else kind), found[kind]


def _unread(text: str, at: str) -> Refused:
    return Refused(
        f"the condition {text!r} cannot be read from {at!r} on; write it as in 'lvad.flow.mean < 2.5 L/min and aorta.pressure.mean > 60 mmHg'."
    )


Tokens = list[tuple[str, str]]


def _either(tokens: Tokens, text: str) -> tuple[Comparison | Joined, Tokens]:
    return _chain("or", _both, tokens, text)


def _both(tokens: Tokens, text: str) -> tuple[Comparison | Joined, Tokens]:
    return _chain("and", _single, tokens, text)


def _chain(word: str, inner: Callable, tokens: Tokens, text: str) -> tuple[Comparison | Joined, Tokens]:
    term, rest = inner(tokens, text)
    terms = [term]
    while rest and rest[0][0] == word:
        term, rest = inner(rest[1:], text)
        terms.append(term)
    return (terms[0] if len(terms) == 1 else Joined(word, tuple(terms))), rest


def _single(tokens: Tokens, text: str) -> tuple[Comparison | Joined, Tokens]:
    if not tokens:
        raise _unread(text, "its end")
    kind, said = tokens[0]
    if kind == "not":
        term, rest = _single(tokens[1:], text)
        return Joined("not", (term,)), rest
    if kind == "bracket" and said == "(":
        term, rest = _either(tokens[1:], text)
        if not rest or rest[0][1] != ")":
            raise Refused(f"a bracket of the condition {text!r} is never closed.")
        return term, rest[1:]
    left, rest = _side(tokens, text)
    if not rest or rest[0][0] != "sign":
        raise _unread(text, rest[0][1] if rest else "its end")
    right, after = _side(rest[1:], text)
    return Comparison(left, rest[0][1], right), after


def _side(tokens: Tokens, text: str) -> tuple[Measure | Quantity, Tokens]:
    words = []
    depth = 0
    while tokens and tokens[0][0] in ("text", "bracket"):
        kind, said = tokens[0]
        if kind == "bracket":
            if (said == ")" and depth == 0) or (said == "(" and not words):
                break
            depth += 1 if said == "(" else -1
        words.append(said)
        tokens = tokens[1:]
    if not words:
        raise _unread(text, tokens[0][1] if tokens else "its end")
    if re.match(r"[-+.\d]", words[0]):
        try:
            return parse_quantity(" ".join(words)), tokens
        except UnitError as problem:
            raise Refused(f"in the condition {text!r}, {problem}") from None
    if len(words) > 2 and words[1] == "(" and words[-1] == ")":
        return parse_measure(f"{words[0]}({' '.join(words[2:-1])})"), tokens
    if len(words) > 1:
        raise _unread(text, words[1])
    return parse_measure(words[0]), tokens


def _comparisons(tree: Comparison | Joined) -> list[Comparison]:
    return [tree] if isinstance(tree, Comparison) else [c for term in tree.terms for c in _comparisons(term)]


def _dimension(side: Measure | Quantity, unit_of: Callable[[str], Unit]) -> tuple:
    if isinstance(side, Quantity):
        return NONE_DIMENSION if side.unit is None else side.dimension
    return unit_of(side.signal).dimension


def _said(side: Measure | Quantity, unit_of: Callable[[str], Unit]) -> str:
    return str(side) if isinstance(side, Quantity) else f"{side}, which is in {unit_of(side.signal)},"


def _decide(tree: Comparison | Joined, values: Callable[[Measure], np.ndarray]) -> np.ndarray:
    if isinstance(tree, Joined):
        parts = [_decide(term, values) for term in tree.terms]
        if tree.word == "not":
            return ~parts[0]
        return np.logical_and.reduce(parts) if tree.word == "and" else np.logical_or.reduce(parts)
    left, right = (side.si if isinstance(side, Quantity) else values(side) for side in (tree.left, tree.right))
    return np.asarray(_SIGNS[tree.sign](left, right))
