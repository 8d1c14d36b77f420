"""A page that needs nothing else: a template, the styles that all reports share, and numbers as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np


def page(template: str, context: dict[str, Any]) -> str:
    """The HTML of a report."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from proband.evidence.canvas import shown_unit
    from proband.evidence.languages import label, term

    environment = Environment(
        loader=PackageLoader("proband.evidence", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "unit": shown_unit, "term": term}
    environment.globals["t"] = label
    styles = (resources.files("proband.evidence") / "templates" / "report.css").read_text(encoding="utf-8")
    return environment.get_template(template).render({**context, "styles": styles})


def number(value: Any, digits: int = 3) -> str:
    """Significant digits, never an exponent where none is needed; a dash where there is no number."""
    if value is None or not np.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - int(np.floor(np.log10(abs(value)))))
    if abs(value) < 1e-4:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{places}f}".replace("-", "−")


def row_numbers(values: Sequence[float]) -> list[str]:
    """The numbers of one measure, side by side. What is a millionth of the greatest is nothing beside it."""
    greatest = max((abs(v) for v in values if np.isfinite(v)), default=0.0)
    return [number(0.0 if abs(v) < 1e-6 * greatest else v) for v in values]
