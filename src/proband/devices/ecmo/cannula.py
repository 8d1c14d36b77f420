"""Cannulae of real makes: pressure drop over flow as measured, refused outside the measured range."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from proband.devices.ecmo.tubing import DENSITY, VISCOSITY, friction
from proband.model import ModelError, did_you_mean
from proband.units import L_min, Pa, Quantity, kg, m, m3, mm, mmHg, ms

HLS = "Getinge HLS cannulae: polynomial over the size in RWTH ECLIPSE parameter_cannula.txt"
CHARTS = "makers' charts as polynomials in nickmmark/ecmo-calculations"
MINI = "Medtronic Bio-Medicus Life Support mini charts (water), as in ECMO-Sim manufacturer_data"
FRENCH = 1 / 3 * mm

WALL = 0.6 * mm  # assumed: wire-wound polyurethane

# Charts are in water.
WATER = (1.0 * ms * Pa, 997 * kg / m3)  # viscosity, density


@dataclass(frozen=True)
class Cannula:
    """One lumen: Δp = R2 Q² + R1 Q (mmHg, L/min), measured from `least` to `most` L/min."""

    make: str
    french: float
    use: str  # drainage or return
    R2: float
    R1: float
    least: float
    most: float
    length: Quantity
    source: str
    dual: bool = False
    rows: int = 1  # rows of holes that lie in places of their own

    @property
    def diameter(self) -> Quantity:
        """Outside; a dual-lumen cannula's is that of both lumina together."""
        return self.french * FRENCH

    def pressure_drop(self, flow: Quantity) -> Quantity:
        """As the chart has it. Raises ModelError outside the measured flows."""
        Q = flow.to(L_min)
        if not self.least <= Q <= self.most:
            raise ModelError(
                f"the {self.use} fit of {self.make} {self.french:g} Fr holds from {self.least:.3g} to {self.most:g} L/min, "
                f"not at {Q:.3g} L/min."
            )
        return (self.R2 * Q * Q + self.R1 * Q) * mmHg

    @property
    def section(self) -> Quantity:
        """Of one lumen."""
        return math.pi / 4 * self._inner**2 / (2 if self.dual else 1)

    @property
    def bore(self) -> Quantity:
        """Hydraulic diameter of one lumen: a circle's, or that of half of it, a straight wall between the two."""
        return self._inner * (math.pi / (math.pi + 2) if self.dual else 1)

    @property
    def _inner(self) -> Quantity:
        return self.diameter - 2 * WALL

    def loss_over_water(self, viscosity: Quantity, density: Quantity) -> float:
        """How many times as much pressure another fluid costs as the water of the chart, at one flow.

        Of the chart so much is friction at a smooth wall as follows from bore and length (Blasius 1913); that grows with
        viscosity. The rest is lost in jets at holes, taper and ends, and knows density alone."""
        most = self.most * L_min
        there = friction(most, self.length, self.bore, self.section, *WATER) / self.pressure_drop(most)
        share = min(1.0, there.si)
        thicker, heavier = (viscosity / WATER[0]).si, (density / WATER[1]).si
        return share * thicker**0.25 * heavier**0.75 + (1 - share) * heavier

    def law(self, viscosity: Quantity = VISCOSITY, density: Quantity = DENSITY) -> tuple[float, float]:
        """(R2, R1) for a circuit of blood, or of another fluid, at any flow. A fit whose linear term would give pressure away at
        little flow is replaced by the square law through its highest measured flow."""
        more = self.loss_over_water(viscosity, density)
        if self.R1 < 0:
            return (self.R2 + self.R1 / self.most) * more, 0.0
        return self.R2 * more, self.R1 * more


# (coefficients from the cube down, sizes that were measured). The arterial one turns negative at 25 Fr.
POLYNOMIALS = {
    "return": ((-0.030456333, 1.977453171, -43.294344692, 322.259074021), (15.0, 23.0), 0.23 * m),
    "drainage": ((-0.000365623, 0.065646598, -2.91066732, 39.143496939), (19.0, 29.0), 0.55 * m),
}

# (make, size): R2, R1 of the return lumen; R2, R1 of the drainage lumen.
DUAL = {
    ("crescent", 24): (18.65, 6.7335, 4.0878, 4.4519),
    ("crescent", 26): (11.215, 6.0422, 2.6488, 3.7688),
    ("crescent", 28): (7.9396, 5.5664, 1.9888, 2.4497),
    ("crescent", 30): (5.6205, 3.5476, 1.058, 4.1433),
    ("crescent", 32): (4.3856, 1.5097, 1.4009, 0.4532),
    ("avalon", 20): (68.756, 2.2718, 17.187, 11.117),
    ("avalon", 23): (27.066, 1.7003, 7.7468, 8.4351),
    ("avalon", 27): (10.984, 5.3044, 3.4861, 2.3871),
    ("avalon", 31): (6.3107, 0.8747, 2.0684, -0.6194),
}
# Highest flow of each chart by size (assumed: where the return lumen reaches some 250 mmHg; the charts' own ends are not told).
DUAL_MOST = {20: 2.0, 23: 3.0, 24: 3.5, 26: 4.5, 27: 4.5, 28: 5.0, 30: 6.0, 31: 6.0, 32: 7.0}
MINI_FLOWS = {9: (0.6, 0.4), 11: (1.2, 0.8), 13: (2.0, 1.3), 15: (2.8, 1.8)}  # L/min at +100 and at −40 mmHg
MAKES = ("hls", "avalon", "crescent", "biomedicus_mini")


def hls(french: float, use: str) -> Cannula:
    """Getinge HLS: arterial 15 to 23 Fr (23 cm), venous 19 to 29 Fr (38 or 55 cm)."""
    coefficients, (low, high), length = POLYNOMIALS[_use(use)]
    if not low <= french <= high:
        raise ModelError(f"HLS {use} cannulae were measured from {low:g} to {high:g} Fr, not at {french:g} Fr.")
    R2 = 0.0
    for c in coefficients:
        R2 = R2 * french + c
    return Cannula("hls", french, use, R2, 0.0, 0.0, 7.0 if use == "drainage" else 6.0, length, HLS)


def dual_lumen(make: str, french: float, use: str) -> Cannula:
    """One lumen of a dual-lumen cannula for veno-venous support: Crescent or Avalon."""
    sizes = [size for name, size in DUAL if name == make]
    if french not in sizes:
        raise ModelError(f"{make} comes in {', '.join(map(str, sizes)) or 'no size'} Fr, not in {french:g} Fr.")
    row = DUAL[make, int(french)]
    R2, R1 = row[:2] if _use(use) == "return" else row[2:]
    # A negative linear term means that the fit gives pressure away below −R1/R2: there it is refused.
    return Cannula(make, french, use, R2, R1, max(0.0, -R1 / R2), DUAL_MOST[int(french)], 0.31 * m, CHARTS, dual=True)


def biomedicus_mini(french: float, use: str) -> Cannula:
    """Medtronic Bio-Medicus Life Support mini, 9 to 15 Fr: children, distal leg perfusion, vents."""
    if french not in MINI_FLOWS:
        raise ModelError(f"biomedicus_mini comes in {', '.join(map(str, MINI_FLOWS))} Fr, not in {french:g} Fr.")
    pushed, pulled = MINI_FLOWS[int(french)]
    flow, R2 = (pushed, 100 / pushed**2) if _use(use) == "return" else (pulled, 40 / pulled**2)
    return Cannula("biomedicus_mini", french, use, R2, 0.0, 0.0, flow, 0.15 * m, MINI)


def cannula(named: str, use: str) -> Cannula:
    """`"hls 21"`, `"avalon 27"`, `"hls 25 multistage"`, … as words. Raises ModelError with what would have been right.

    A multistage cannula drains through two rows of holes, so far apart that they lie in places of their own."""
    plain = named.strip().removesuffix(" multistage")
    if plain != named.strip():
        if use != "drainage":
            raise ModelError(f"{named!r} is no cannula for the return; holes in several stages drain.")
        return replace(cannula(plain, use), rows=2)
    make, _, size = plain.rpartition(" ")
    try:
        french = float(size)
    except ValueError:
        raise ModelError(f"{named!r} is no cannula; write make and size in Fr, as in 'hls 21'.") from None
    if make == "hls":
        return hls(french, use)
    if make in ("avalon", "crescent"):
        return dual_lumen(make, french, use)
    if make == "biomedicus_mini":
        return biomedicus_mini(french, use)
    raise ModelError(f"there is no cannula {make!r}{did_you_mean(make, MAKES)}; there are {', '.join(MAKES)}.")


def _use(use: str) -> str:
    if use not in POLYNOMIALS:
        raise ModelError(f"a cannula is for drainage or return, not for {use!r}.")
    return use
