"""A smaller or larger person of the same build: volumes and flows grow with size, pressures and times do not."""

from proband.model import Body, Row
from proband.units import Quantity, Unit, mL, mmHg, s

# The power of size with which a row of this unit grows.
POWERS: dict[tuple, float] = {
    unit.dimension: power
    for unit, power in (
        (mL, 1),
        (mL / s, 1),
        (mL / mmHg, 1),
        (mL / (mmHg * s), 1),
        (mmHg / mL, -1),
        (mmHg * s / mL, -1),
        (mmHg * s * s / mL, -1),
        (mmHg * s * s / (mL * mL), -2),
        (mmHg / (mL * mL), -2),
        (1 / mL, -1),
        (s / mL, -1),
    )
    if isinstance(unit, Unit)
}


def _grows(row: Row) -> bool:
    return row.kind in ("param", "state") and row.unit.dimension in POWERS and row.value is not None


def resized(body: Body, size: float) -> Body:
    """The body with every volume, flow, compliance, resistance, elastance and inertance brought to another size."""
    values: dict[str, Quantity] = {}
    why: dict[str, str] = {}
    for name, part in body.parts.items():
        for row in part.component.rows.values():
            si = part.value(row.name)
            if _grows(row) and si:
                values[f"{name}.{row.name}"] = Quantity(
                    si * size ** POWERS[row.unit.dimension], row.unit.dimension, row.unit
                )
                why[f"{name}.{row.name}"] = _resized(part.source(row.name), size)
    return body.with_values(values, why)


def _resized(source: str, size: float) -> str:
    return source if size == 1 or not source else f"{source}; brought to {size:g} of that person's size"
