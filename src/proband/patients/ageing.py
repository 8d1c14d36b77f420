"""What age does to healthy lungs: small airways close at a higher volume, air spreads and meets blood less evenly."""

from __future__ import annotations

from math import exp, fsum, sqrt

from proband.laws.inverse import reached
from proband.model import Body, ModelError
from proband.patients.breathing import HEIGHTS, REGIONS, V_MAX
from proband.units import Quantity, Unit, cm, cmH2O, mL, mmHg, one, s

TLC = 6900.0  # mL: total capacity of a man of 1.75 m (Quanjer 1993: 7.99 L per metre less 7.08)
DEAD_SPACE = 150.0  # mL
REST = 4.3  # cmH2O below the room's, in the pleura at the end of a quiet expiration
OPENS = 3.0  # cmH2O by which a shut airway opens later than it closed, as in a young lung's table
SEEN = 0.05  # of the lungs that is shut where a single-breath test first sees it: the bases' gas, which has 10 % less nitrogen than
# the mean (Milic-Emili 1966, order), is then missed by half a percent
TAKEN_BACK = 0.05  # of the unevenness of blood over air dealt out, by the hypoxic constriction less what closing airways add: measured
# here at 45 years, and dealt out in addition
RICH = (1, 4, 5)  # regions that get more blood than their size, the others less; of the right and of the left lung
WASHOUT = "washout, Eur Respir J 2020 56 suppl 64:147"
UPPER = (4, 5, 6)  # regions of one who lies on his back
RELAXED = 8.0  # cmH2O across the lungs of one who is relaxed and ventilated, in the middle of a breath at a PEEP of 5
AIRY = (1, 3, 6)  # regions that get more air than their size, which lie as high as the others (within 1 cm); assumed
FIRST, LAST = 18, 55  # years; later the loss of recoil counts, which fills a lung at rest, and which is not told here


def closing_capacity(age: float) -> float:
    """Gas in the lungs (mL) at which airways begin to close, men who never smoked (Buist & Ross 1973 Am Rev Respir Dis 107:744).

    It reaches the residual capacity of one who lies at 44 years, as Leblanc, Ruff & Milic-Emili 1970 saw."""
    return TLC * (14.878 + 0.496 * age) / 100


def closing_pressure(age: float, b: float, k: float, gradient: float, width: float) -> float:
    """Mean pressure across the wall (cmH2O) at which airways close, in lungs of this shape."""

    def gas(inflating: float) -> float:
        return fsum(V_MAX[i] * (1 - b * exp(-k * (inflating + gradient * HEIGHTS[i]))) for i in REGIONS)

    def shut(P_c: float) -> float:
        shares = {i: 1 / (1 + exp((inflating + gradient * HEIGHTS[i] - P_c) / width)) for i in REGIONS}
        return fsum(V_MAX[i] * share for i, share in shares.items()) / fsum(V_MAX.values())

    inflating = reached(gas, closing_capacity(age) - DEAD_SPACE, -10.0, 30.0)
    return reached(shut, SEEN, -30.0, 30.0)


def unevenness(age: float) -> float:
    """Standard deviation of the logarithm of ventilation over blood (Cardús 1997 AJRCCM 156:648: 0.36 at 20 years, 0.47 at 70)."""
    return 0.36 + 0.11 * (age - 20) / 50


def airiness(age: float) -> float:
    """Standard deviation of the logarithm of the regions' compliance for their volume, beside what gravity does.

    104 healthy people need 2.5 turnovers more at 90 years than at 20 to wash a gas out of their lungs, a straight line
    between assumed (Eur Respir J 2020 56 suppl 64:147); here the index rises by 2.18 times the variance (measured)."""
    return sqrt(max(age - 20, 0) * 2.5 / 70 / 2.18)


def shapes(
    body: Body, spread: float, airy: tuple[int, ...] = AIRY, rest: float = REST
) -> dict[int, tuple[float, float, float]]:
    """Of each region: its compliance relative to what it was, its V_max (mL) and b.

    At rest, with so much pressure (cmH2O) across a wall at the height of the heart, every region holds what it held, and both
    lungs together hold as much as before at every pressure."""

    def rows(row: str, unit: Unit) -> dict[int, float]:
        return {i: body.value(f"alveoli_{i}.{row}").to(unit) for i in REGIONS}

    V_max, b, k = rows("V_max", mL), rows("b", one), rows("k", one / cmH2O)
    gradient, height = rows("gradient", cmH2O / cm), rows("height", cm)
    recoil = {i: rest + gradient[i] * height[i] for i in REGIONS}
    left = {i: b[i] * exp(-k[i] * recoil[i]) for i in REGIONS}  # of V_max, that rest does not fill
    dealt = {i: exp(spread if i in airy else -spread) for i in REGIONS}
    mean = fsum(V_max[i] * left[i] * dealt[i] for i in REGIONS) / fsum(V_max[i] * left[i] for i in REGIONS)
    found = {}
    for i in REGIONS:
        weight = dealt[i] / mean
        full = V_max[i] * (1 + (weight - 1) * left[i])
        # no more than all of it: the top of a lung that is stiff and heavy would hold less than nothing without pressure
        found[i] = weight, full, min(weight * b[i] * V_max[i] / full, 1.0)
    return found


def _airs(
    body: Body, shape: dict[int, tuple[float, float, float]], why: str
) -> tuple[dict[str, Quantity], dict[str, str]]:
    """The regions' rows that give them these shapes."""
    values = {f"alveoli_{i}.V_max": full * mL for i, (_, full, _) in shape.items()}
    values |= {f"alveoli_{i}.b": b * one for i, (_, _, b) in shape.items()}
    return values, dict.fromkeys(values, why)


def dealt_out(body: Body, age: float) -> tuple[dict[str, Quantity], dict[str, str]]:
    """Rows by which air and blood go unevenly to the regions of one of this age (years) who is awake, and where each comes from."""
    dealt = unevenness(age) / (1 - TAKEN_BACK)
    shape = shapes(body, airiness(age))
    weight = {i: shape[i][0] * exp(dealt if i in RICH else -dealt) for i in REGIONS}
    mean = fsum(V_MAX[i] * weight[i] for i in REGIONS) / fsum(V_MAX.values())
    blood = f"as before, where the air goes, uneven by a log SD of {unevenness(age):.2f} at {age:g} years (Cardús 1997)"
    values, why = _airs(
        body,
        shape,
        f"as compliant as before in all, uneven by a log SD of {airiness(age):.2f} at {age:g} years ({WASHOUT})",
    )
    for i in REGIONS:
        for row in (f"pulmonary_arterioles_{i}.R", f"pulmonary_venules_{i}.R"):
            values[row], why[row] = body.value(row).to(mmHg * s / mL) * mean / weight[i] * (mmHg * s / mL), blood
    return values, why


def dealt_upwards(body: Body, age: float) -> tuple[dict[str, Quantity], dict[str, str]]:
    """Rows by which air goes unevenly to the regions of one who is relaxed and ventilated on his back, and where each comes from.

    As unevenly as at his age (years) awake, but most of it to the upper half, and blood does not follow: in ten people who were
    relaxed the ventral lung was ventilated and the dorsal had the blood (Tokics 1996 J Appl Physiol 81:1822)."""
    told = f"as compliant as before in all, the upper half more by a log SD of {airiness(age):.2f}, as at {age:g} years ({WASHOUT}), where the air of ventilated people goes (Tokics 1996 J Appl Physiol 81:1822)"
    return _airs(body, shapes(body, airiness(age), UPPER, RELAXED), told)


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
    closes = f"from the closing capacity at {age:g} years, {closing_capacity(age):.0f} mL (Buist & Ross 1973)"
    values, why = dealt_out(body, age)
    for i in REGIONS:
        values[f"recruitment_{i}.P_c"], why[f"recruitment_{i}.P_c"] = P_c * cmH2O, closes
        values[f"recruitment_{i}.P_o"], why[f"recruitment_{i}.P_o"] = (
            (P_c + OPENS) * cmH2O,
            f"{closes}, and 3 cmH2O more",
        )
    return values, why


def aged(body: Body, age: float) -> Body:
    """A healthy man who breathes, with the small airways and the distribution of air and blood of this age (years)."""
    return body.with_values(*lungs_at(body, age))
