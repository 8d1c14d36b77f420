"""The scoreboard's parts: published rows, the rules by which they are judged, and the laboratory in which studies run."""

from proband.evidence.scoring.board import Board, Scored, judge
from proband.evidence.scoring.choosing import choose
from proband.evidence.scoring.lab import Lab, Person, Window
from proband.evidence.scoring.published import Published, published
from proband.evidence.scoring.rules import direction, faults, moved, verdict
from proband.evidence.scoring.study import Study, studies

__all__ = [
    "Board", "Lab", "Person", "Published", "Scored", "Study", "Window", "choose", "direction", "faults", "judge", "moved", "published", "studies", "verdict",
]  # fmt: skip
