"""What test objects are made of: salt solutions and plastic. Their relaxation is taken as the same at every field."""

from __future__ import annotations

from proband.mr.phantom.tissues import NEVER, Tissue, checked_field

PLASTIC_SOURCE = "acrylic: no signal seen; susceptibility about -9 ppm, permittivity 2.8 (assumed from data sheets)"


def solution(
    name: str,
    B0: float,
    T1: float,
    T2: float,
    why: str,
    *,
    density: float = 1.0,
    conductivity: float = 0.0,
    permittivity: float = 79.0,
) -> Tissue:
    """A watery filling (T1 and T2 in s). Permittivity of water at 21 °C: about 79 (Kaatze 1989 J Chem Eng Data 34:371)."""
    source = dict.fromkeys(("T1", "T2", "density", "conductivity"), why)
    source |= {"permittivity": "Kaatze 1989", "susceptibility": "Schenck 1996: water", "T2_prime": "definition: none"}
    source |= {"mass_density": "water", "diffusion": "Mills 1973: water at 21 °C", "fat": "definition: none"}
    return Tissue(
        name, checked_field(B0), T1, T2, NEVER, density, 0.0, -9.05, permittivity, conductivity, 1000.0, 2.1e-9, source
    )  # fmt: skip


def plastic(B0: float, name: str = "plastic") -> Tissue:
    stated = ("density", "susceptibility", "permittivity", "conductivity", "mass_density")
    source: dict[str, str] = dict.fromkeys(stated, PLASTIC_SOURCE)
    return Tissue(name, checked_field(B0), 1.0, 1.0, NEVER, 0.0, 0.0, -9.0, 2.8, 0.0, 1180.0, 0.0, source)


def nickel_chloride(B0: float, name: str = "filling") -> Tissue:
    """10 mmol/L NiCl2 and 75 mmol/L NaCl, which fill the large ACR phantom."""
    why = (
        "ACR large phantom guidance: 10 mM NiCl2, 75 mM NaCl; relaxivities 0.65 and 0.72 /(mM s), water 3 s and 2 s, "
        "conductivity 0.9 S/m (assumed)"
    )
    return solution(name, B0, 1 / (1 / 3 + 6.5), 1 / (1 / 2 + 7.2), why, conductivity=0.9)


def water(B0: float, name: str = "filling") -> Tissue:
    return solution(name, B0, 3.0, 2.0, "pure water at 21 °C (assumed: T1 3 s, T2 2 s)", conductivity=0.0005)
