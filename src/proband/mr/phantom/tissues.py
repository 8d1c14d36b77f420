"""The tissue table by field strength: every number with its unit, its kind (read, derived, memory, assumed) and source.

Between two fields T1 follows a power law, T2 a line and 1/T2* a line in its rate; what was interpolated says so."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

import numpy as np

from proband.model import ModelError, did_you_mean
from proband.mr.phantom.dielectric import permittivity_and_conductivity

GAMMA = 42.577478518e6  # Hz/T, proton (CODATA 2018)
LOWEST, HIGHEST = 1.5, 7.0  # T
NEVER = 1e9  # s: a relaxation that does not happen


@dataclass(frozen=True)
class Tissue:
    """One tissue at one field strength. `source` maps each quantity's name to where its number comes from."""

    name: str
    B0: float  # T
    T1: float  # s
    T2: float  # s
    T2_prime: float  # s
    density: float  # water protons, 1 = pure water
    fat: float  # fat protons on the same scale
    susceptibility: float  # ppm (SI)
    permittivity: float  # relative, at the Larmor frequency
    conductivity: float  # S/m, at the Larmor frequency
    mass_density: float  # kg/m³
    diffusion: float  # m²/s
    source: Mapping[str, str] = field(default_factory=dict)

    def with_values(self, name: str, why: str, **values: float) -> Tissue:
        """The same tissue but for some numbers, which get a name and a reason of their own."""
        return replace(self, name=name, source={**self.source, **dict.fromkeys(values, why)}, **values)


@dataclass(frozen=True)
class _Number:
    B0: float | None
    value: float
    kind: str
    source: str


@cache
def _table() -> tuple[dict[str, dict[str, list[_Number]]], dict[str, str]]:
    text = resources.files("proband.mr.phantom").joinpath("tissues.csv").read_text(encoding="utf-8")
    numbers: dict[str, dict[str, list[_Number]]] = {}
    dielectric: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["quantity"] == "dielectric":
            dielectric[row["tissue"]] = row["value"]
            continue
        place = float(row["B0_T"]) if row["B0_T"] else None
        scale = {"ms": 1e-3, "1e-9 m2/s": 1e-9}.get(row["unit"], 1.0)
        number = _Number(place, float(row["value"]) * scale, row["kind"], row["source"])
        numbers.setdefault(row["tissue"], {}).setdefault(row["quantity"], []).append(number)
    return numbers, dielectric


def names() -> list[str]:
    """All tissues of the table."""
    return list(_table()[0])


def checked_field(B0: float) -> float:
    """The field strength in T, where the table holds. Raises ModelError outside 1.5 to 7 T."""
    if not (isinstance(B0, (int, float, np.floating)) and LOWEST <= B0 <= HIGHEST):
        raise ModelError(
            f"tissues are known from {LOWEST} to {HIGHEST:g} T, but B0 is {B0!r}; give B0 in T within that."
        )
    return float(B0)


def _said(number: _Number) -> str:
    """The source, led by the kind where it does not say so itself."""
    return number.source if number.source.startswith(number.kind) else f"{number.kind}: {number.source}"


def _between(quantity: str, rows: list[_Number], B0: float) -> tuple[float, str]:
    fields = [row.B0 or 0.0 for row in rows]
    if B0 in fields:
        row = rows[fields.index(B0)]
        return row.value, _said(row)
    above = next(i for i, known in enumerate(fields) if known > B0)  # the table reaches from 1.5 to 7 T (tested)
    low, high = rows[above - 1], rows[above]
    below, over = fields[above - 1], fields[above]
    share = (B0 - below) / (over - below)
    if quantity == "T1":
        value = low.value * (high.value / low.value) ** (np.log(B0 / below) / np.log(over / below))
        rule = "power law"
    elif quantity == "T2":
        value = low.value + share * (high.value - low.value)
        rule = "line"
    else:
        value = 1 / ((1 - share) / low.value + share / high.value)
        rule = "line of the rate"
    source = f"interpolated ({rule}) between {below:g} T ({low.source}) and {over:g} T ({high.source})"
    return float(value), source


@cache
def tissue(name: str, B0: float) -> Tissue:
    """A tissue of the table at a field strength (T). Raises ModelError for an unknown name or a field outside 1.5–7 T."""
    B0 = checked_field(B0)
    numbers, dielectric = _table()
    if name not in numbers:
        raise ModelError(
            f"no tissue is called {name!r}{did_you_mean(name, list(numbers))}; see phantom.tissues.names()."
        )
    rows = numbers[name]
    values: dict[str, float] = {}
    sources: dict[str, str] = {}
    for quantity in ("density", "fat", "susceptibility", "mass_density", "diffusion"):
        only = rows[quantity][0]
        values[quantity], sources[quantity] = only.value, _said(only)
    for quantity in ("T1", "T2"):
        if quantity in rows:
            values[quantity], sources[quantity] = _between(quantity, rows[quantity], B0)
        else:  # air
            values[quantity], sources[quantity] = 1.0, "definition: no spins"
    values["T2_prime"], sources["T2_prime"] = NEVER, "definition: none"
    if "T2s" in rows:
        T2s, source = _between("T2s", rows["T2s"], B0)
        rate = 1 / T2s - 1 / values["T2"]
        if rate > 0:
            values["T2_prime"], sources["T2_prime"] = 1 / rate, f"from T2*: {source}"
    elif "R2_prime_per_T" in rows:
        only = rows["R2_prime_per_T"][0]
        values["T2_prime"] = 1 / (only.value * B0)
        sources["T2_prime"] = f"{_said(only)}; rate in proportion to the field"
    permittivity, conductivity = permittivity_and_conductivity(dielectric[name], GAMMA * B0)
    sources["permittivity"] = sources["conductivity"] = (
        f"Gabriel 1996, {dielectric[name]}, at {GAMMA * B0 / 1e6:.1f} MHz"
    )
    return Tissue(name, B0, permittivity=permittivity, conductivity=conductivity, source=sources, **values)
