"""What age does to healthy lungs: small airways close at a higher volume, and air and blood meet less evenly."""

from __future__ import annotations

from math import exp

from proband.laws.inverse import reached
from proband.model import Body, ModelError
from proband.patients.breathing import HEIGHTS, REGIONS, V_MAX
from proband.units import Quantity, cm, cmH2O, mL, mmHg, one, s

TLC = 6900.0  # mL: total capacity of a man of 1.75 m (Quanjer 1993: 7.99 L per metre less 7.08)
DEAD_SPACE = 150.0  # mL
OPENS = 3.0  # cmH2O by which a shut airway opens later than it closed, as in a young lung's table
SEEN = 0.05  # of the lungs that is shut where a single-breath test first sees it: the bases' gas, which has 10 % less nitrogen than
# the mean (Milic-Emili 1966, order), is then missed by half a percent
TAKEN_BACK = 0.12  # of the unevenness dealt out, by the hypoxic constriction: measured here, and dealt out in addition
RICH = (1, 4, 5)  # regions that get more blood than their size, the others less; of the right and of the left lung
FIRST, LAST = 18, 55  # years; later the loss of recoil counts, which fills a lung at rest, and which is not told here


def closing_capacity(age: float) -> float:
    """Gas in the lungs (mL) at which airways begin to close, men who never smoked (Buist & Ross 1973 Am Rev Respir Dis 107:744).

    It reaches the residual capacity of one who lies at 44 years, as Leblanc, Ruff & Milic-Emili 1970 saw."""
    return TLC * (14.878 + 0.496 * age) / 100


def closing_pressure(age: float, b: float, k: float, gradient: float, width: float) -> float:
    """Mean pressure across the wall (cmH2O) at which airways close, in lungs of this shape."""

    def gas(inflating: float) -> float:
        return sum(V_MAX[i] * (1 - b * exp(-k * (inflating + gradient * HEIGHTS[i]))) for i in REGIONS)

    def shut(P_c: float) -> float:
        shares = {i: 1 / (1 + exp((inflating + gradient * HEIGHTS[i] - P_c) / width)) for i in REGIONS}
        return sum(V_MAX[i] * share for i, share in shares.items()) / sum(V_MAX.values())

    inflating = reached(gas, closing_capacity(age) - DEAD_SPACE, -10.0, 30.0)
    return reached(shut, SEEN, -30.0, 30.0)


def unevenness(age: float) -> float:
    """Standard deviation of the logarithm of ventilation over blood (Cardús 1997 AJRCCM 156:648: 0.36 at 20 years, 0.47 at 70)."""
    return 0.36 + 0.11 * (age - 20) / 50


def lungs_at(body: Body, age: float) -> tuple[dict[str, Quantity], dict[str, str]]:
    """Rows of a healthy man who breathes that age (years) changes, and where each comes from.

    Raises ModelError where the body has no lungs or nobody of that age was measured."""
    if "recruitment_1" not in body.parts:
        raise ModelError("only a body with lungs can have lungs of an age; take patients.load('breathing_man').")
    if not FIRST <= age <= LAST:
        raise ModelError(f"closing volumes were measured from {FIRST} to {LAST} years, not at {age:g}.")
    b, k, gradient = (
        body.value(f"alveoli_1.{row}").to(unit)
        for row, unit in (("b", one), ("k", one / cmH2O), ("gradient", cmH2O / cm))
    )
    P_c = closing_pressure(age, b, k, gradient, body.value("recruitment_1.w_c").to(cmH2O))
    dealt = unevenness(age) / (1 - TAKEN_BACK)
    weight = {i: exp(dealt if i in RICH else -dealt) for i in REGIONS}
    mean = sum(V_MAX[i] * weight[i] for i in REGIONS) / sum(V_MAX.values())
    closes = f"from the closing capacity at {age:g} years, {closing_capacity(age):.0f} mL (Buist & Ross 1973)"
    blood = f"as before, uneven by a log SD of {unevenness(age):.2f} at {age:g} years (Cardús 1997)"
    values: dict[str, Quantity] = {}
    why: dict[str, str] = {}
    for i in REGIONS:
        values[f"recruitment_{i}.P_c"], why[f"recruitment_{i}.P_c"] = P_c * cmH2O, closes
        values[f"recruitment_{i}.P_o"], why[f"recruitment_{i}.P_o"] = (
            (P_c + OPENS) * cmH2O,
            f"{closes}, and 3 cmH2O more",
        )
        for row in (f"pulmonary_arterioles_{i}.R", f"pulmonary_venules_{i}.R"):
            values[row], why[row] = body.value(row).to(mmHg * s / mL) * mean / weight[i] * (mmHg * s / mL), blood
    return values, why


def aged(body: Body, age: float) -> Body:
    """A healthy man who breathes, with the small airways and the blood's distribution of this age (years)."""
    return body.with_values(*lungs_at(body, age))
