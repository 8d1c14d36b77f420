"""What happens to one or many patients in a compiled body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from proband.engine import randomness
from proband.engine.calling import call
from proband.engine.cells import Cells
from proband.engine.failures import Failure, explain
from proband.engine.layout import ACCUMULATORS
from proband.engine.log import Event, Log
from proband.engine.outsiders import Outsiders
from proband.engine.owning import begin_as
from proband.engine.portions import excess_name
from proband.engine.recorder import Recorder
from proband.engine.snapshots import Snapshot, named_slots
from proband.engine.tally import SIZE
from proband.engine.transport import BY_TICK
from proband.engine.window import Window
from proband.model import Body, ModelError, did_you_mean
from proband.units import Quantity, ms, s

if TYPE_CHECKING:
    from proband.engine.engine import Engine

LOOK_S = 2.0  # the longest time between two looks at the log


class Run:
    """Patients in one compiled body, going forward in time. A stopped run goes on with the same bits."""

    def __init__(
        self,
        engine: Engine,
        patients: int,
        values: Mapping[str, Any],
        seed: int,
        snapshot: Snapshot | None,
        numbers,
        bodies: Sequence[Body] | None = None,
    ):
        if patients < 1:
            raise ModelError(f"a run of {patients} patients cannot be; at least one is needed.")
        self.engine, self.patients, self.seed = engine, patients, seed
        kind = np.float64 if engine.precision == "float64" else np.float32
        self.cells = Cells(engine.layout.slots, patients, engine.width(patients), kind)
        self.log = Log(self.cells.blocks, self.cells.width, patients)
        self.outsiders = Outsiders(engine.program.foreign, patients)
        self.recorder: Recorder | None = None
        self.tick = 0  # ns since the beginning
        self.failures: list[Failure] = []
        self.journal: list[tuple[int, str, Any]] = []  # commands: tick, name, value
        self._window_start = np.zeros(patients, np.int64)  # tick
        self._bodies = [engine.body] * patients if bodies is None else list(bodies)
        self._begin(values, seed, range(patients) if numbers is None else list(numbers))
        if snapshot is not None:
            self.restore(snapshot)
            if not self._named().keys() <= snapshot.numbers.keys():  # parts that are new tell what they see by now
                self._call("prime")
                self.restore(snapshot)

    def _begin(self, values: Mapping[str, Any], seed: int, numbers) -> None:
        if len(numbers) != self.patients:
            raise ModelError(
                f"{len(numbers)} numbers were given for {self.patients} patients; each needs one of its own."
            )
        if len(self._bodies) != self.patients:
            raise ModelError(f"{len(self._bodies)} bodies were given for {self.patients} patients; each needs his own.")
        self.cells.put_keys(np.array([randomness.key(seed, int(i)) for i in numbers], np.uint64))
        program, lay, data = self.engine.program, self.engine.layout, self.cells.data
        tables = (
            (lay.state, program.states),
            (lay.param, program.params),
            (lay.held, program.held),
            (lay.pending, program.held),
        )
        for first, table in tables:
            data[:, first : first + len(table)] = np.array([slot.initial for slot in table]).reshape(-1, 1)
        if any(body is not self.engine.body for body in self._bodies):
            begin_as(self._bodies, self.engine, self.cells)
        data[:, lay.failed] = -1.0
        for name, value in values.items():
            self._set(name, value, ("state", "param", "command", "memory", "reads"))
        self._fill(set(values))
        self.begin_window()
        self._call("prime")

    def _fill(self, given: set[str]) -> None:
        """Amounts at the start follow from the body's concentrations and each patient's own volumes."""
        slots = self.engine.slots()
        for name in slots:
            if BY_TICK in name:
                self.cells.put(slots[name][0], self.cells.column(slots[name.partition(BY_TICK)[0]][0]))
        for name in dict.fromkeys(name for body in self._bodies for name in body.contents):
            if name in slots and name not in given:
                volume = self.cells.column(slots[f"{name.rpartition('.')[0]}.volume"][0])
                concentration = np.array([body.contents.get(name, 0.0) for body in self._bodies])
                self.cells.put(slots[name][0], concentration * volume)

    # time --------------------------------------------------------------------------------------------------------
    @property
    def time(self) -> float:
        """Seconds since the beginning."""
        return self.tick * 1e-9

    @property
    def step(self) -> int:
        """Steps since the beginning."""
        return self.tick // self.engine.step_ns

    @property
    def data(self) -> np.ndarray:
        """Every number of every patient, by block, slot and lane (see `engine.layout`)."""
        return self.cells.data

    def advance(self, duration: Quantity) -> None:
        """Go forward, to the nearest whole step (`time` tells where that is). A failing patient is noted in `failures`;
        the others go on. Raises ModelError for a duration below zero, and for one so short that nothing would happen."""
        if not isinstance(duration, Quantity):
            raise ModelError(f"a run advances by a duration, not by {duration!r}; write it as in advance(10 * s).")
        wanted = duration.to(s) * 1e9 / self.engine.step_ns
        steps = round(wanted)
        if wanted < 0 or 0 < wanted < 0.5:
            raise ModelError(
                f"a run cannot advance by {duration.to(ms):g} ms: time goes forward in steps of {self.engine.step_ns / 1e6:g} ms."
            )
        look = max(1, round(LOOK_S * 1e9 / self.engine.step_ns))
        while steps > 0:
            if due := self.outsiders.due(self.step):
                self.look()
                self.outsiders.ask(due, self.cells, self.engine.layout, self.time)
            chunk = min([steps, look, *self.outsiders.steps_to_next(self.step)])
            self._advance(chunk)
            steps -= chunk

    def _advance(self, steps: int) -> None:
        start, recorder, cells = self.step, self.recorder, self.cells
        if recorder is not None and recorder.going:
            outputs = len(self.engine.program.outputs)
            room = recorder.room(cells.blocks, outputs, cells.width, start, steps, cells.data.dtype.type)
            begun = call(self.engine, cells, self.log, "advance", start, steps, room, recorder.every)
            recorder.keep(room, start, steps)
        else:
            begun = call(self.engine, cells, self.log, "advance", start, steps)
        self.tick += steps * self.engine.step_ns
        self.log.take(self.step)
        self._notice(begun, start)

    def _notice(self, begun: dict[int, np.ndarray], start: int) -> None:
        """Find out about patients who failed in blocks that began like this."""
        failed = self.engine.layout.failed
        for block, before in sorted(begun.items()):
            for lane in np.nonzero(self.cells.data[block, failed] > before[failed])[0]:
                patient = block * self.cells.width + int(lane)
                if patient < self.patients:
                    key, step = int(self.cells.keys[block, lane]), int(self.cells.data[block, failed, lane])
                    self.failures.append(explain(self.engine, patient, key, before[:, lane], start, step))

    def _call(self, entry: str) -> None:
        call(self.engine, self.cells, self.log, entry, self.step, 0)

    # values --------------------------------------------------------------------------------------------------------
    def _slot(self, name: str) -> tuple[str, int, Any]:
        full = self.engine.body.aliases.get(name, name)
        slots = self.engine.slots()
        if full not in slots:
            raise ModelError(
                f"{name!r} is no row of this body{did_you_mean(name, [*slots, *self.engine.body.aliases])}."
            )
        return full, *slots[full]

    def _set(self, name: str, value: Any, kinds: tuple[str, ...]) -> None:
        full, at, slot = self._slot(name)
        part, _, row_name = full.rpartition(".")
        row = self.engine.body.parts[part].component.rows.get(row_name)
        if row is not None and row.kind not in kinds:
            raise ModelError(f"{name} is a {row.kind} row; only {', '.join(kinds)} rows can be set here.")
        if isinstance(value, str) and row is not None:
            self.cells.put(at, row.accept(value, name))
            return
        if isinstance(value, Quantity):
            self.cells.put(at, row.accept(value, name) if row is not None else slot.unit.factor * value.to(slot.unit))
            return
        array, keep = np.asarray(value, np.float64), np.ma.getmask(value)
        if array.shape not in ((), (self.patients,)):
            raise ModelError(
                f"{name} is given {array.shape} values; one number or {self.patients} (one per patient) would be right."
            )
        if row is not None:
            told = array[~keep] if keep is not np.ma.nomask else array
            for v in (told.min(), told.max()):
                row.accept(Quantity(row.unit.si(float(v)), row.unit.dimension, row.unit), name)
        self.cells.put(at, slot.unit.si(array), keep)

    def command(self, name: str, value: Any) -> None:
        """Set a command from now on: a Quantity for all, or an array in the row's unit, one value per patient. Whose
        value is masked (`numpy.ma`) keeps what he has."""
        self._set(name, value, ("command",))
        self.journal.append((self.tick, name, value))

    def fill(self, place: str, substance: str, concentration: Any) -> None:
        """A compartment holds a carried substance at this concentration from now on: a Quantity for all, or an array in
        the substance's unit per unit of volume, one value per patient, masked for those who keep what they have."""
        slots = self.engine.slots()
        _, at, slot = self._slot(f"{place}.{substance}")
        _, _, volume = self._slot(f"{place}.volume")
        unit = slot.unit / volume.unit
        told = concentration.to(unit) if isinstance(concentration, Quantity) else concentration
        si, keep = unit.si(np.asarray(told, float)), np.ma.getmask(told)
        self.cells.put(at, si * self.cells.column(slots[f"{place}.volume"][0]), keep)
        for i in range(1, self.engine.body.parts[place].portions):
            if uneven := slots.get(excess_name(place, substance, i)):
                self.cells.put(uneven[0], 0.0, keep)
        if known := slots.get(f"{place}.{substance}_concentration"):  # as its readers know it until the next tick
            self.cells.put(known[0], si, keep)
        self.journal.append((self.tick, f"{place}.{substance}", concentration))

    def value(self, name: str) -> np.ndarray:
        """The present value of a state, parameter, memory or command, in its unit."""
        full, at, slot = self._slot(name)
        if full in self.engine.unread():
            raise ModelError(f"{name!r} is not computed in this run, since nobody hears of it; name it in observe=[…].")
        return slot.unit.of(self.cells.column(at))

    def look(self) -> None:
        """Bring the observed signals up to this moment, without a step."""
        self._call("observe")

    def column(self, signal: str) -> np.ndarray:
        """An observed signal as last looked at, in its unit."""
        at = self.engine.layout.out + self.engine.signal(signal)
        return self.engine.outputs[signal].unit.of(self.cells.column(at))

    def now(self, signal: str) -> np.ndarray:
        """An observed signal at this moment, in its unit."""
        self.look()
        return self.column(signal)

    # measuring -----------------------------------------------------------------------------------------------------
    def begin_window(self, patient: int | None = None) -> None:
        """Forget the statistics so far, of all patients or of one alone."""
        lay, n = self.engine.layout, len(self.engine.program.outputs)
        data = self.cells.data if patient is None else self.cells.of(patient)
        for region in ACCUMULATORS:
            first = getattr(lay, region)
            data[:, first : first + n] = {"low": np.inf, "high": -np.inf}.get(region, 0.0)
        cells = SIZE * len(self.engine.plan.tallied)
        data[:, lay.tally : lay.tally + cells] = 0.0
        self._window_start[slice(None) if patient is None else patient] = self.tick

    def window(self) -> Window:
        """Statistics since `begin_window`, of each patient since his own."""
        return Window(self, (self.tick - self._window_start) // self.engine.step_ns)

    def record(self, every: Quantity = 5.0 * ms, names: Iterable[str] | None = None) -> None:
        """Keep observed signals (all of them, or `names`) from now on, one frame per `every`."""
        steps = max(1, round(every.to(s) * 1e9 / self.engine.step_ns))
        wanted = list(self.engine.outputs) if names is None else list(names)
        columns = [self.engine.signal(name) for name in wanted]
        self.recorder = Recorder(steps, wanted, columns, self.engine.step_ns * 1e-9)

    def stop_recording(self) -> None:
        """Keep what was recorded, and record no more."""
        if self.recorder is not None:
            self.recorder.going = False

    def traces(self) -> dict[str, np.ndarray]:
        """`time` (frames,) in s and each recorded signal (patients, frames) in its unit."""
        if self.recorder is None:
            return {"time": np.zeros(0)}
        time, table = self.recorder.table(self.patients)
        names = self.recorder.names
        return {"time": time, **{n: self.engine.outputs[n].unit.of(table[j]) for j, n in enumerate(names)}}

    def events(self, alarms: bool = False) -> list[Event]:
        """Alarms and events so far (or `alarms` alone), by time, then patient. Of an event only its beginning is told."""
        return self.log.events(self.engine.program.bells, self.engine.step_ns * 1e-9, alarms)

    # stopping and going on -------------------------------------------------------------------------------------------
    def _named(self) -> dict[str, int]:
        return named_slots(self.engine.program, self.engine.layout, self.engine.plan.tallied)

    def snapshot(self) -> Snapshot:
        """This moment as data. Foreign parts need `get_state`; without it this raises ModelError."""
        foreign = self.outsiders.states()
        numbers = {name: self.cells.column(slot) for name, slot in self._named().items()}
        numbers["window"] = self._window_start.astype(float)
        return Snapshot(self.tick, numbers, self.cells.keys.reshape(-1)[: self.patients].copy(), foreign)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or over) to a snapshot. What the snapshot does not know keeps its value.

        Raises ModelError where it has other patients, lies between two steps, or was taken with another schema."""
        snapshot.require_schema()
        if len(snapshot.keys) != self.patients:
            raise ModelError(
                f"the snapshot holds {len(snapshot.keys)} patients, this run {self.patients}; they must agree."
            )
        if snapshot.tick % self.engine.step_ns:
            raise ModelError(
                f"the snapshot stands between two steps of {self.engine.step_ns / 1e6:g} ms; choose a step that divides "
                f"{snapshot.tick / 1e6:g} ms."
            )
        for name, slot in self._named().items():
            if name in snapshot.numbers:
                self.cells.put(slot, snapshot.numbers[name])
        self.cells.put_keys(snapshot.keys)
        self.tick = snapshot.tick
        self._window_start[:] = snapshot.numbers["window"]  # one for each patient, or one for all
        self._restore_ages()
        self.log.forget_from(self.step)
        self.failures = [f for f in self.failures if f.time_s < self.time]
        if self.recorder is not None:
            self.recorder.forget_from(self.time)
        self.outsiders.restore(snapshot.foreign)

    def _restore_ages(self) -> None:
        """How long ago each group was sampled, as it stood in the step that was taken last."""
        last, kind = self.step - 1, self.cells.data.dtype.type
        for g, group in enumerate(self.engine.program.groups):
            steps = last % group.period if last >= 0 else -1
            self.cells.data[:, self.engine.layout.age + g] = kind(steps) * kind(self.engine.step_ns * 1e-9)
