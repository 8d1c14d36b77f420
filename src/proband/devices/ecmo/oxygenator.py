"""The oxygenator: what it holds, what it resists, how it ages."""

from __future__ import annotations

from dataclasses import dataclass

from proband.model import *
from proband.units import *

loss = mmHg / L_min**2
ECLIPSE = "RWTH ECLIPSE parameter_oxy.txt"
RATED = "fitted with the law of Yang & Cussler: 95 % leave saturated at the rated flow under ISO 7199 inlet conditions"


@dataclass(frozen=True)
class Oxygenator:
    """A make: resistance of the blood side (mmHg/(L/min), linear), what primes it, its fibres, its rated flow."""

    name: str
    R: float
    prime: float  # mL
    area: float  # m²
    frontal: float  # cm², section that the blood streams through
    rated: float  # L/min
    sources: dict[str, str]


AREA = "Maquet data sheet, as remembered"
OXYGENATORS = {
    "quadrox_i_adult": Oxygenator(
        "quadrox_i_adult", 11.24, 335.0, 1.8, 117.0, 7.0, {"R": ECLIPSE, "prime": ECLIPSE, "area": AREA, "frontal": RATED}
    ),
    "quadrox_i_small_adult": Oxygenator(
        "quadrox_i_small_adult", 8.62, 295.0, 1.3, 85.0, 5.0, {"R": ECLIPSE, "prime": ECLIPSE, "area": AREA, "frontal": RATED}
    ),
    "nautilus_mc3": Oxygenator(
        "nautilus_mc3", 10.52, 250.0, 1.8, 117.0, 7.0,
        {"R": ECLIPSE, "prime": "assumed: as others of 1.8 m²", "area": "assumed: as others of 7 L/min", "frontal": RATED},
    ),
}  # fmt: skip


def oxygenator_of(name: str) -> Oxygenator:
    """The make of that name. Raises ModelError with the nearest one."""
    if name not in OXYGENATORS:
        raise ModelError(
            f"there is no oxygenator {name!r}{did_you_mean(name, OXYGENATORS)}; there are {', '.join(OXYGENATORS)}."
        )
    return OXYGENATORS[name]


def capiox_sx18_drop(flow: Quantity) -> Quantity:
    """Capiox SX18 in patients: Δp = 22.4 Q − 22.7 (Fried 1998). Raises ModelError below 1.5 L/min, where it says nothing."""
    Q = flow.to(L_min)
    if not 1.5 <= Q <= 7.0:
        raise ModelError(
            f"Capiox SX18's line holds from 1.5 to 7 L/min, not at {Q:.3g} L/min (it is negative at 1 L/min)."
        )
    return (22.443 * Q - 22.65) * mmHg


@compartment
def blood_side(
    volume = state(250.0, mL, "blood in the oxygenator"),
    C   = param(0.06,  mL/mmHg, "compliance", "assumed: fibre mats and a stiff housing", low=0),
    V_0 = param(250.0, mL, "volume at the room's pressure", "its prime"),
):  # fmt: skip
    """A stiff vessel: p = (V − V_0) / C."""
    return gives(pressure=(volume - V_0) / C)


@signal(period=100 * ms)
def ageing(
    age     = state(0.0, h, "time in use"),
    clot    = command(0.0, one, "share of the blood side that clots have closed", low=0, high=0.95),
    R       = param(11.24, mmHg / L_min, "of a new oxygenator", "data sheet", low=0),
    rising_ = param(0.03, one / day, "rise of resistance", "assumed: a fifth in a week; oxygenators are changed after one to three weeks (ELSO)", low=0),
    fouling = param(0.02, one / day, "share of the fibres lost", "assumed: protein and cells on the fibres; a sixth in a week", low=0),
):  # fmt: skip
    """Resistance goes with the section that is left; fibres behind clots, and fouled ones, exchange nothing."""
    left = 1 - clot
    old = 1 + rising_ * age
    return gives(
        d_age=1.0,
        half=(0.5 * R * old / left, mmHg / L_min, "resistance of one half"),
        fibres=(left / (1 + fouling * age), one, "share of the fibres that exchange"),
    )


@path
def out_of_oxygenator(
    p_in  = end(mmHg, "in the oxygenator"),
    p_out = end(mmHg, "at the end of the return line"),
    flow  = state(0.0, L_min, "through the return line"),
    resistance = reads(mmHg / L_min, "of the oxygenator's second half"),
    R_line = param(1.0,  loss,         "of the return line", "Blasius 1913, its length and bore", low=0),
    L_line = param(0.15, mmHg*s*s/mL,  "its inertance",      "ρ l / A", low=0),
):  # fmt: skip
    """L dQ/dt = Δp − R Q − R_line Q|Q|."""
    half = resistance * flow
    return gives(
        flow=flow,
        d_flow=(p_in - p_out - half - R_line * (flow * abs(flow))) / L_line,
        post_pressure=(p_in - half, mmHg, "behind the oxygenator"),
    )
