"""The board: every published row beside what its study's simulation gave."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from proband.evidence.scoring.agreement import Agreement, agreement, alike
from proband.evidence.scoring.lab import Lab
from proband.evidence.scoring.misses import REASONS, UNKNOWN, Miss, misses
from proband.evidence.scoring.published import ROLES, WINGS, Published, published
from proband.evidence.scoring.rules import VERDICTS, tolerance, verdict
from proband.evidence.scoring.study import Study, studies
from proband.model import ModelError, did_you_mean
from proband.trials.runner import Progress


@dataclass(frozen=True)
class Scored:
    """A row and what came out."""

    row: Published
    simulated: float

    @property
    def verdict(self) -> str:
        return verdict(self.row, self.simulated)

    @property
    def within(self) -> float:
        """How far a green one may lie off."""
        return 0.0 if self.row.is_direction else tolerance(self.row)

    @property
    def insensitive(self) -> bool:
        """Whether zero would be green too: the row is a change no larger than its tolerance."""
        return not self.row.is_direction and abs(self.row.value) <= self.within

    @property
    def miss(self) -> Miss | None:
        """Why a red validation row is red; none for any other."""
        return misses().get(self.row.id, UNKNOWN) if self.row.counts and self.verdict == "red" else None

    def data(self) -> dict[str, Any]:
        """As `proband validate --json` gives it."""
        row, miss = self.row, self.miss
        return {
            "id": row.id,
            "quantity": row.quantity,
            "published": row.value,
            "unit": row.unit,
            "spread": row.spread_of_mean,
            "simulated": self.simulated if math.isfinite(self.simulated) else None,
            "verdict": self.verdict,
            "role": row.role,
            "source": row.source,
            "study": row.study,
            "wing": row.wing,
            "kind": row.kind,
            "confidence": row.confidence,
            "conditions": row.conditions,
            "tolerance": self.within,
            "insensitive": self.insensitive,
            **({} if miss is None else {"reason": miss.reason, "why": miss.why}),
        }


@dataclass(frozen=True)
class Board:
    """All scored rows, by study, then in the order of their table."""

    scored: tuple[Scored, ...]
    cohorts: Mapping[str, str]
    of: int | None = None  # how many validation rows the whole board has, where this is only a part of it

    def tally(self, role: str | None = "validation") -> Counter[str]:
        """How many of each verdict, of one role or of all."""
        return Counter(s.verdict for s in self.scored if role is None or s.row.role == role)

    def share(self, colour: str) -> float:
        """Of the validation rows, in percent."""
        tally = self.tally()
        return 100.0 * tally[colour] / max(sum(tally.values()), 1)

    @property
    def wings(self) -> dict[str, Board]:
        """The board of each wing of the laboratory that has validation rows here."""
        parts = {
            wing: Board(tuple(s for s in self.scored if s.row.wing == wing), self.cohorts, self.of) for wing in WINGS
        }
        return {wing: part for wing, part in parts.items() if part.tally()}

    @property
    def reasons(self) -> dict[str, int]:
        """How many red validation rows have which reason."""
        told = Counter(s.miss.reason for s in self.scored if s.miss is not None)
        return {reason: told[reason] for reason in REASONS if told[reason]}

    @property
    def agreement(self) -> Agreement:
        """How well studies foretell one another, and the simulations them."""
        return agreement(alike(), {s.row.id: s.verdict for s in self.scored})

    @property
    def shares(self) -> dict[str, float]:
        """Of each colour, in percent to two places."""
        return {colour: round(self.share(colour), 2) for colour in VERDICTS}

    def data(self) -> dict[str, Any]:
        """The document of `proband validate --json`. The percentages count validation rows alone."""
        tally = self.tally()
        counting = [s for s in self.scored if s.row.counts]
        return {
            "rows": [s.data() for s in self.scored],
            **self.shares,
            "wings": {
                wing: {
                    "validation_rows": sum(part.tally().values()),
                    **part.shares,
                    "counts": {v: part.tally()[v] for v in VERDICTS},
                }
                for wing, part in self.wings.items()
            },
            "counts": {
                role: {"rows": sum(self.tally(role).values()), **{v: self.tally(role)[v] for v in VERDICTS}}
                for role in ROLES
            },
            "validation_rows": sum(tally.values()),
            **({} if self.of is None else {"of_validation_rows": self.of}),
            "directions": sum(s.row.is_direction for s in counting),
            "insensitive": sum(s.insensitive for s in counting),
            "reasons": self.reasons,
            **({"agreement": asdict(self.agreement)} if self.of is None else {}),
            "cohorts": dict(self.cohorts),
        }


def judge(
    chosen: Iterable[Study] | None = None,
    threads: int | None = None,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Board:
    """Simulate every study (or those chosen) in one laboratory, telling how far it is. Raises ModelError where a study and its rows do not agree."""
    chosen = tuple(studies() if chosen is None else chosen)
    rows = published()
    known = {s.name for s in chosen}
    if len(chosen) == len(studies()):
        for row in rows:
            if row.study not in known:
                raise ModelError(
                    f"{row.id} belongs to the study {row.study!r}, but there is no studies/{row.study}.py{did_you_mean(row.study, known)}."
                )
    lab = Lab()
    results = {}
    for study in chosen:
        lab.begin(study.name)
        results[study.name] = study.experiment(lab)
    lab.run(threads, tell)
    scored: list[Scored] = []
    for study in chosen:
        values = dict(results[study.name]())
        mine = [r for r in rows if r.study == study.name]
        missing = [r.id for r in mine if r.id not in values]
        unknown = sorted(set(values) - {r.id for r in mine})
        if missing or unknown:
            what = [f"gives no {', '.join(missing)}"] * bool(missing) + [
                f"gives {', '.join(unknown)}, which no table has"
            ] * bool(unknown)
            raise ModelError(f"studies/{study.name}.py {' and '.join(what)}.")
        scored += [Scored(row, float(values[row.id])) for row in mine]
    return Board(tuple(scored), {s.name: s.cohort for s in chosen})


COLOUR = {"green": "green", "yellow": "yellow", "red": "bold red"}


def shown(value: float, row: Published) -> str:
    """A number as people read it."""
    if not math.isfinite(value):
        return "—"
    if row.is_direction:
        return {-1.0: "falls", 0.0: "same", 1.0: "rises"}[value]
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def show(result: Board, to: Any = None) -> None:
    """As a table in the terminal, by study; the misses in red."""
    from rich.console import Console
    from rich.table import Table

    console = Console(file=to or sys.stdout)
    if not console.is_terminal:
        console = Console(file=to or sys.stdout, width=130)
    table = Table(show_edge=False, pad_edge=False, header_style="bold", row_styles=None)
    for name, side in (
        ("quantity", "left"),
        ("published", "right"),
        ("±", "right"),
        ("simulated", "right"),
        ("unit", "left"),
        ("", "left"),
        ("role", "left"),
    ):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    last = ""
    for s in result.scored:
        row, colour = s.row, COLOUR[s.verdict]
        if row.study != last:
            table.add_section()
            table.add_row(f"[bold]{row.study}[/bold]")
            last = row.study
        style = colour if s.verdict == "red" else ("dim" if not row.counts else None)
        table.add_row(
            f"  {row.quantity}", shown(row.value, row), "" if row.is_direction else f"{s.within:.2g}", shown(s.simulated, row),
            "" if row.is_direction else row.unit, f"[{colour}]{s.verdict}[/{colour}]", "" if row.counts else row.role, style=style,
        )  # fmt: skip
    console.print(table)
    console.print()
    console.print(summary(result))
    if len(result.wings) > 1:
        console.print()
        console.print(by_wing(result))
    if result.reasons:
        console.print()
        console.print(why_red(result))
    if result.of is None:
        console.print()
        console.print(beside_studies(result))


def counted(result: Board) -> dict[str, str]:
    """How many there are of each colour, and their share."""
    tally = result.tally()
    return {v: f"{tally[v]} ({result.share(v):.1f} %)" for v in VERDICTS}


def by_wing(result: Board) -> Any:
    """The percentages of each wing of the laboratory, as a table for the terminal."""
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False, header_style="bold", box=None)
    table.add_column("validation rows by wing")
    for name in ("", *VERDICTS):
        table.add_column(name, justify="right")
    for wing, part in result.wings.items():
        shares = (f"[{COLOUR[v]}]{text}[/{COLOUR[v]}]" for v, text in counted(part).items())
        table.add_row(wing, str(sum(part.tally().values())), *shares)
    return table


def summary(result: Board) -> str:
    """The percentages, in two lines; of a part of the board over what ran."""
    tally = result.tally()
    shares = ", ".join(f"[{COLOUR[v]}]{v} {text}[/{COLOUR[v]}]" for v, text in counted(result).items())
    others = ", ".join(f"{sum(result.tally(r).values())} {r} rows" for r in ROLES if r != "validation")
    signs = sum(s.row.is_direction for s in result.scored if s.row.counts)
    small = sum(s.insensitive for s in result.scored if s.row.counts)
    part = "" if result.of is None else f" that ran (the whole board has {result.of})"
    return f"Of {sum(tally.values())} validation rows{part}: {shares}. {signs} are directions; {small} are changes so small that none at all would be green. Not counted: {others}."


def why_red(result: Board) -> str:
    """The reasons of the red rows, in a sentence."""
    told = "; ".join(f"{n} because {REASONS[reason]}" for reason, n in result.reasons.items())
    return f"Red: {told}. The page tells why, row by row."


def beside_studies(result: Board) -> str:
    """How well studies foretell one another, in a sentence."""
    found = result.agreement
    studies_, simulations = (
        ", ".join(f"[{COLOUR[v]}]{v} {shares[v]:.1f} %[/{COLOUR[v]}]" for v in VERDICTS)
        for shares in (found.shares, found.simulated)
    )
    return f"Where several studies told the same of like people ({found.groups} quantities, {found.pairs} pairs), one study beside another is by the same rule {studies_}; the simulation beside them {simulations}."


def rows_of(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    """By study."""
    found: dict[str, list[Scored]] = {}
    for s in scored:
        found.setdefault(s.row.study, []).append(s)
    return found
