"""What a tissue is to a radio wave: four Cole–Cole dispersions (Gabriel 1996)."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import numpy as np

from proband.model import ModelError, did_you_mean

VACUUM = 8.8541878128e-12  # F/m, CODATA 2018


@cache
def _table() -> dict[str, dict[str, float]]:
    text = resources.files("proband.mr.phantom").joinpath("dielectric.csv").read_text(encoding="utf-8")
    return {
        row["tissue"]: {key: float(value) for key, value in row.items() if key not in ("tissue", "source")}
        for row in csv.DictReader(text.splitlines())
    }


def permittivity_and_conductivity(name: str, frequency: float) -> tuple[float, float]:
    """Relative permittivity and conductivity (S/m) of a tissue of `dielectric.csv` at a frequency (Hz).

    ε = ε∞ + Σ Δε / (1 + (iωτ)^(1−α)) + σ/(iωε0). Raises ModelError for an unknown tissue or no positive frequency."""
    table = _table()
    if name not in table:
        raise ModelError(f"no dielectric tissue is called {name!r}{did_you_mean(name, list(table))}.")
    if not frequency > 0:
        raise ModelError(f"the frequency of a tissue's permittivity must be above zero, but is {frequency} Hz.")
    row = table[name]
    omega = 2 * np.pi * frequency
    epsilon = complex(row["eps_inf"])
    for i, second in enumerate(("ps", "ns", "us", "ms"), 1):
        tau = row[f"tau_{i}_{second}"] * {"ps": 1e-12, "ns": 1e-9, "us": 1e-6, "ms": 1e-3}[second]
        epsilon += row[f"delta_{i}"] / (1 + (1j * omega * tau) ** (1 - row[f"alpha_{i}"]))
    epsilon += row["sigma"] / (1j * omega * VACUUM)
    return float(epsilon.real), float(-epsilon.imag * omega * VACUUM)
