"""Where cannulae may lie: through which vessel a site is reached, how wide that is, and what kind of support sites make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proband.devices.ecmo.cannula import Cannula
from proband.laws.sides import side
from proband.model import ModelError
from proband.units import Quantity, mm

FEMORAL_VEIN = "common femoral vein 11–12 mm (Keiler 2018, as remembered)"
FEMORAL_ARTERY = "common femoral artery 9.8 mm in men, 8.2 in women (Sandgren 1999 J Vasc Surg 29:503)"


@dataclass(frozen=True)
class Access:
    """The narrowest vessel on the way to a site."""

    vessel: str
    diameter: Quantity
    source: str


SITES: Mapping[str, Access] = {
    "vena_cava_inferior": Access("femoral vein", 12 * mm, FEMORAL_VEIN),
    "hepatic_cava": Access("femoral vein", 12 * mm, FEMORAL_VEIN),
    "vena_cava_superior": Access("internal jugular vein", 14 * mm, "assumed: 11 to 17 mm by ultrasound"),
    "right_atrium": Access("femoral or jugular vein", 12 * mm, FEMORAL_VEIN),
    "right_ventricle": Access("internal jugular vein", 14 * mm, "assumed: 11 to 17 mm by ultrasound"),
    "pulmonary_artery": Access("internal jugular vein", 14 * mm, "assumed: 11 to 17 mm by ultrasound"),
    "left_atrium": Access("atrial septum", 8 * mm, "assumed: a septum is dilated to 24 Fr"),
    "pulmonary_veins": Access("right upper pulmonary vein", 12 * mm, "assumed: surgical vents through it"),
    "left_ventricle": Access("apex of the left ventricle", 12 * mm, "assumed: apical drains up to 31 Fr"),
    "aorta": Access("ascending aorta", 30 * mm, "ascending aorta 25–35 mm in adults (Erbel 2014 ESC)"),
    "upper_arteries": Access("axillary artery", 6.5 * mm, "axillary artery 6–7 mm (assumed)"),
    "thoracic": Access("femoral artery", 9.0 * mm, FEMORAL_ARTERY),
    "descending_aorta": Access("femoral artery", 9.0 * mm, FEMORAL_ARTERY),
    "leg_arteries": Access("femoral artery", 9.0 * mm, FEMORAL_ARTERY),
}
KINDS = ("VA", "VV", "V-AV", "V-P")


def configuration(drains: list[str], returns: list[str]) -> str:
    """What is meant by these sites: VA, VV, V-AV or V-P. A bench whose places are unknown is a `bench`."""
    found = {side(r) for r in returns}
    if None in found or any(side(d) is None for d in drains):
        return "bench"
    if "arterial" in found:
        return "VA" if found == {"arterial"} else "V-AV"
    return "V-P" if "pulmonary" in found else "VV"


def check(drains: list[tuple[str, Cannula]], returns: list[tuple[str, Cannula]], meant: str | None,
          diameters: Mapping[str, Quantity], size: float = 1.0) -> None:  # fmt: skip
    """Refuse what cannot be: drains from arteries, returns into the left heart, wrong kinds, cannulae that do not fit.

    Bodies are alike in shape: widths go with the cube root of a patient's size."""
    if not drains or not returns:
        raise ModelError("ecmo needs at least one drain and one return.")
    for site, _ in drains:
        if side(site) == "arterial":
            raise ModelError(f"ecmo drains {site!r}, which is an artery; it must drain veins, or vent the left heart.")
    if all(side(site) == "left heart" for site, _ in drains) and any(
        side(r) in ("venous", "pulmonary") for r, _ in returns
    ):
        raise ModelError("ecmo takes blood from the left heart alone back into veins; it needs a venous drain besides.")
    for site, _ in returns:
        if side(site) == "left heart":
            raise ModelError(
                f"ecmo returns into {site!r}; it must return into a vein, the pulmonary artery or an artery."
            )
    found = configuration([s for s, _ in drains], [s for s, _ in returns])
    if meant is not None and meant not in KINDS:
        raise ModelError(f"there is no ECMO of kind {meant!r}; there are {', '.join(KINDS)}.")
    arterial = [site for site, _ in returns if side(site) == "arterial"]
    if meant == "VV" and arterial:
        raise ModelError(f"a VV device returns into veins only, but {arterial[0]!r} is an artery; say VA or V-AV.")
    if meant is not None and found not in ("bench", meant):
        raise ModelError(f"these sites make {found} support, not {meant}.")
    for site, placed in (*drains, *returns):
        if placed.dual and side(site) not in ("venous", "pulmonary", None):
            raise ModelError(
                f"{placed.make} {placed.french:g} Fr is a dual-lumen cannula for veins; {site!r} is {_kind(site)}."
            )
        room = diameters.get(site, SITES[site].diameter * size ** (1 / 3) if site in SITES else None)
        if room is not None and placed.diameter.to(mm) > room.to(mm):
            vessel = SITES[site].vessel if site in SITES else site
            raise ModelError(
                f"{placed.make} {placed.french:g} Fr is {placed.diameter.to(mm):.1f} mm wide, more than the {vessel} on "
                f"the way to {site!r} ({room.to(mm):.1f} mm)."
            )
    for here, there in ((drains, returns), (returns, drains)):
        for _, placed in here:
            if placed.dual and not any((o.make, o.french) == (placed.make, placed.french) for _, o in there):
                raise ModelError(
                    f"{placed.make} {placed.french:g} Fr has one lumen that drains and one that returns; name it for both, "
                    "or take a cannula with a single lumen."
                )


def _kind(site: str) -> str:
    return "an artery" if side(site) == "arterial" else "in the left heart"
