"""One published number: value, unit, spread, who measured it on whom, and what it may be used for."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from proband.evidence.scoring.places import folder
from proband.model import ModelError

ROLES = ("calibration", "verification", "validation")
MEASURED = ("bench", "clinical", "animal")  # kinds that may be validation
KINDS = (*MEASURED, "reference", "derived", "spec", "target", "criterion", "model_param", "simulation")
CONFIDENCE = ("read", "memory")
SPREADS = ("sd", "sem", "half_range", "unstated", "")
COLUMNS = (
    "id", "study", "quantity", "value", "unit", "spread", "spread_is", "n", "kind", "confidence", "role", "conditions", "source",
)  # fmt: skip
WINGS = {  # of the laboratory, with the tables of each
    "circulation and artificial heart": ("circulation", "support", "pumps"),
    "breathing and ECMO": ("breathing", "ventilation", "ecmo", "swine"),
    "magnetic resonance": ("mr",),
}
NO_ROWS = ("left_out.csv", "alike.csv", "misses.csv")  # tables about rows
SIGN = "sign"  # the unit of a row of which only a direction was published: −1, 0 (no significant change) or 1


@dataclass(frozen=True)
class Published:
    """A row of `validation/*.csv`."""

    id: str
    study: str
    quantity: str
    value: float
    unit: str
    spread: float | None
    spread_is: str
    n: int | None
    kind: str
    confidence: str
    role: str
    conditions: str
    source: str
    table: str = ""  # in which it stands

    @property
    def wing(self) -> str:
        """Of the laboratory; none for a row that stands in no table."""
        return next((wing for wing, tables in WINGS.items() if self.table in tables), "")

    @property
    def counts(self) -> bool:
        """Whether it counts in the percentages."""
        return self.role == "validation"

    @property
    def is_direction(self) -> bool:
        """Whether only a direction was published."""
        return self.unit == SIGN

    @property
    def spread_of_mean(self) -> float | None:
        """The published spread as that of the mean. A spread of an unstated kind is taken as the wider one, the persons'
        (so that the mean's becomes the narrower), and without a number of persons there is none."""
        if self.spread is None or self.spread_is == "":
            return None
        if self.spread_is in ("sem", "half_range"):
            return self.spread
        return self.spread / math.sqrt(self.n) if self.n else None


def _read(path: Path) -> Iterator[Published]:
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise ModelError(
                f"{path.name} has the columns {', '.join(table.fieldnames or ())}; they must be {', '.join(COLUMNS)}."
            )
        for line in table:
            texts = {k: (v or "").strip() for k, v in line.items()}
            try:
                numbers = {
                    "value": float(texts["value"]),
                    "spread": float(texts["spread"]) if texts["spread"] else None,
                    "n": int(texts["n"]) if texts["n"] else None,
                }
            except ValueError as problem:
                raise ModelError(f"{path.name}, row {texts['id']!r}: {problem}.") from None
            yield Published(**{**texts, **numbers}, table=path.stem)  # type: ignore[arg-type]


def published(where: Path | None = None) -> list[Published]:
    """Every row of the folder's tables (but those of `NO_ROWS`), by file, then in its order."""
    place = where or folder("validation")
    return [row for path in sorted(place.glob("*.csv")) if path.name not in NO_ROWS for row in _read(path)]
