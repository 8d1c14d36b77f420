"""What compiled code writes down as it goes: alarms that begin and end, and events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proband.engine.program import Bell

ROOM = 128  # lines per patient between two looks


@dataclass(frozen=True)
class Event:
    """A line of the log: an alarm that began or ended, or something worth noting."""

    patient: int
    time_s: float
    part: str
    event: str
    priority: str
    active: bool


class Log:
    """Buffers that compiled code fills, and the rows taken from them: patient, step, what (2 × bell + begins)."""

    def __init__(self, blocks: int, width: int, patients: int):
        self.patients = patients
        self.lines = np.zeros((blocks, width, ROOM, 2), np.int64)
        self.counts = np.zeros((blocks, width), np.int64)
        self.rows: list[np.ndarray] = []

    def take(self, step: int) -> None:
        """Move the lines over. Where more happened than there is room for, a row says how much, as a negative number."""
        counts = self.counts.reshape(-1)[: self.patients]
        if counts.any():
            used = np.arange(ROOM) < counts[:, None]
            lines = self.lines.reshape(-1, ROOM, 2)[: self.patients][used]
            who = np.repeat(np.arange(self.patients), np.minimum(counts, ROOM))
            self.rows.append(np.column_stack([who, lines]))
            full = np.nonzero(counts > ROOM)[0]
            self.rows.append(np.column_stack([full, np.full(len(full), step - 1), ROOM - counts[full]]))
        self.counts[:] = 0

    def forget_from(self, step: int) -> None:
        """Drop what happened at this step and later."""
        self.rows = [rows[rows[:, 1] < step] for rows in self.rows]

    def events(self, bells: list[Bell], step_s: float, alarms: bool = False) -> list[Event]:
        """By time, then patient. Of a mere event only the beginning is told; of `alarms` alone, not even that."""
        told = []
        rows = np.concatenate([np.zeros((0, 3), np.int64), *self.rows])
        if alarms:
            rings = np.array([bell.priority != "event" for bell in bells], dtype=bool)
            rows = rows[(rows[:, 2] < 0) | rings[np.maximum(rows[:, 2], 0) // 2]] if len(bells) else rows
        for who, at, what in rows.tolist():
            if what < 0:
                told.append(Event(who, at * step_s, "log", f"{-what} lines were lost", "event", True))
                continue
            bell, begins = bells[what // 2], bool(what % 2)
            if begins or bell.priority != "event":
                told.append(Event(who, at * step_s, bell.part, bell.name, bell.priority, begins))
        return sorted(told, key=lambda e: (e.time_s, e.patient, e.part, e.event))
