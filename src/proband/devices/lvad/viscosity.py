"""How thick the blood is."""

from __future__ import annotations


def blood_viscosity(haematocrit, mu_plasma):
    """Vand's second-order law of a suspension: μ = μ_plasma (1 + 2.5 h + 7.349 h²). Vand 1948 J Phys Colloid Chem 52:277.

    A rotor shears blood fast enough for it to be Newtonian."""
    return mu_plasma * (1 + 2.5 * haematocrit + 7.349 * haematocrit * haematocrit)
