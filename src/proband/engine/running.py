"""An engine compiles a body once; a run is what happens to one or many patients in it."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proband.engine import cpu, cuda, randomness, stiffness
from proband.engine.blocks import plan
from proband.engine.flatten import flatten
from proband.engine.interpreter import Interpreter
from proband.engine.layout import ACCUMULATORS, layout
from proband.engine.llvm_code import CHECK_EVERY
from proband.model import Body, ModelError, Output, did_you_mean
from proband.units import Quantity, Unit, ms, s

WIDTHS = (1, 2, 4, 8, 16)
EVENT_ROOM = 128  # log lines per patient between two looks, which are 2 s apart at most


@dataclass(frozen=True)
class Event:
    """A line of the log: an alarm that began or ended, or something worth noting."""

    patient: int
    time_s: float
    part: str
    event: str
    priority: str
    active: bool


@dataclass(frozen=True)
class Failure:
    """A patient whose numbers left the possible: when, in which part, on which line."""

    patient: int
    time_s: float
    part: str
    line: int
    message: str


@dataclass(frozen=True)
class Snapshot:
    """A run at one moment, as data by names: it moves between lane counts and onto another body."""

    tick: int  # ns since the beginning
    numbers: Mapping[str, np.ndarray]  # "state aorta.volume" → one value per patient
    keys: np.ndarray
    foreign: Mapping[str, Any] = field(default_factory=dict)


class Window:
    """Statistics of every observed signal since `begin_window`, one value per patient, in the signal's unit."""

    def __init__(self, run: Run, count: int):
        self._run, self.count = run, count

    def _region(self, signal: str, region: str) -> np.ndarray:
        engine = self._run.engine
        j = engine.signal(signal)
        return self._run._column(getattr(engine.layout, region) + j)

    def _unit(self, signal: str) -> Unit:
        return self._run.engine.outputs[signal].unit

    def mean(self, signal: str) -> np.ndarray:
        return self._unit(signal).of(self._region(signal, "sum") / max(self.count, 1))

    def min(self, signal: str) -> np.ndarray:
        return self._unit(signal).of(self._region(signal, "low"))

    def max(self, signal: str) -> np.ndarray:
        return self._unit(signal).of(self._region(signal, "high"))

    def range(self, signal: str) -> np.ndarray:
        return self.max(signal) - self.min(signal)

    def last(self, signal: str) -> np.ndarray:
        return self._unit(signal).of(self._region(signal, "out"))

    def std(self, signal: str) -> np.ndarray:
        n = max(self.count, 1)
        mean = self._region(signal, "sum") / n
        spread = self._region(signal, "square") / n - mean * mean
        return np.sqrt(np.maximum(spread, 0.0)) / self._unit(signal).factor


class Engine:
    """A body, traced, checked and compiled.

    observe: signals to keep (`part.quantity`), None for all; `aorta.pressure > 65 mmHg` keeps whether that holds, and
    its mean is the share of the time in %. step: of the solver. lanes: 1, 2, 4, 8, 16 or "auto"
    (per run, by the number of patients). precision: "float64" or "float32". threads: None for all cores.
    method: "RK4", "ROS2" for stiff bodies, or "auto": chosen once from the body's fastest rate over a beat.
    target: "auto", "cpu", "cuda" (one NVIDIA card) or "python". instructions: "native" or "avx2" (to compare bits).
    Raises ModelError where the body cannot be computed."""

    def __init__(
        self,
        body: Body,
        observe: Iterable[str] | None = None,
        *,
        step: Quantity = 1.0 * ms,
        lanes: int | str = "auto",
        precision: str = "float64",
        threads: int | None = None,
        method: str = "auto",
        target: str = "auto",
        instructions: str = "native",
    ):
        if lanes != "auto" and lanes not in WIDTHS:
            raise ModelError(f"lanes = {lanes!r}; it must be 'auto' or one of {', '.join(map(str, WIDTHS))}.")
        if precision not in ("float64", "float32"):
            raise ModelError(f"precision = {precision!r}; it must be 'float64' or 'float32'.")
        if target not in ("auto", "cpu", "cuda", "python"):
            raise ModelError(f"target = {target!r}; it must be 'auto', 'cpu', 'cuda' or 'python'.")
        if target == "cuda":
            cuda.require()
        if method not in ("auto", "RK4", "ROS2"):
            raise ModelError(f"method = {method!r}; it must be 'auto', 'RK4' or 'ROS2'.")
        self.body, self.precision, self.instructions = body, precision, instructions
        self.step_ns = round(step.to(s) * 1e9)
        self.program = flatten(body, observe, self.step_ns)
        self.lanes, self.threads = lanes, threads or os.cpu_count() or 1
        self.target = ("cpu" if cpu.available() else "python") if target == "auto" else target
        self.fastest_rate: float | None = None
        self._undecided = method == "auto"
        self._use("RK4" if method == "auto" else method)
        self.outputs = {n: Output(n, *self.program.units[n]) for n, _ in self.program.outputs}
        self._signals = {n: j for j, (n, _) in enumerate(self.program.outputs)}

    def _use(self, method: str) -> None:
        self.method = method
        self.plan = plan(self.program, method)
        self.layout = layout(self.plan)
        self.interpreter = Interpreter(self.plan, self.layout)
        self._compiled: dict[int, Any] = {}

    def decide(self) -> str:
        """Settle on the method, once: ROS2 where the body's fastest rate is too much for an explicit step."""
        if self._undecided:
            self._undecided = False
            self.fastest_rate = stiffness.fastest_rate(self)
            if self.fastest_rate * self.step_ns * 1e-9 > stiffness.LIMIT:
                self._use("ROS2")
        return self.method

    def signal(self, name: str) -> int:
        """The number of an observed signal. Raises ModelError where it is not observed."""
        if name not in self._signals:
            raise ModelError(
                f"{name!r} is not observed in this run{did_you_mean(name, self._signals)}; name it in observe=[…]."
            )
        return self._signals[name]

    def compile(self, width: int, fresh: bool = False) -> Any:
        """Compiled entries for a lane count (from the disk where they were compiled before)."""
        if width not in self._compiled or fresh:
            if self.target == "cuda":
                self._compiled[width] = cuda.Kernels(self.plan, self.layout, self.precision)
                return self._compiled[width]
            self._compiled[width] = cpu.compile(self.plan, self.layout, width, self.precision, self.instructions, fresh)
        return self._compiled[width]

    def width(self, patients: int) -> int:
        """Lanes for a run of so many patients."""
        if self.target == "python":
            return 1
        if self.target == "cuda":
            return patients
        if self.lanes != "auto":
            return int(self.lanes)
        best = cpu.natural_width() * (2 if self.precision == "float32" else 1)
        return next(w for w in WIDTHS if w >= min(patients, best))

    def start(
        self,
        patients: int = 1,
        values: Mapping[str, Any] | None = None,
        seed: int = 0,
        snapshot: Snapshot | None = None,
        numbers: Iterable[int] | None = None,
    ) -> Run:
        """A run of `patients`. `values` sets rows (parameters, states, commands): a Quantity for all, or an array in the
        row's unit with one value per patient. `numbers` are the patients' own numbers (for their random streams)."""
        self.decide()
        return Run(self, patients, values or {}, seed, snapshot, numbers)

    def describe(self) -> dict[str, Any]:
        """What a record needs to know about the code that ran."""
        version, name = None, None
        self.decide()
        if self.target in ("cpu", "cuda"):
            import llvmlite

            version, name = (
                llvmlite.__version__,
                cuda.card() if self.target == "cuda" else cpu.processor(self.instructions)[0],
            )
        operations = self.program.operations()
        return {
            "target": self.target,
            "method": self.decide(),
            "fastest_rate_per_s": self.fastest_rate,
            "step_ms": self.step_ns / 1e6,
            "precision": self.precision,
            "states": len(self.program.states),
            "operations": operations["right-hand side"],
            "operations_by_group": operations,
            "lanes": 1 if self.target == "cuda" else self.width(1 << 20),
            "cpu": name,
            "llvmlite": version,
            "program_hash": self.program.fingerprint,
        }

    def slots(self) -> dict[str, tuple[int, Any]]:
        """Every named number of a patient: `part.row` → (slot, Slot)."""
        if not hasattr(self, "_slots"):
            p, lay = self.program, self.layout
            found = {}
            for region, table in ((lay.state, p.states), (lay.param, p.params), (lay.held, p.held)):
                for i, slot in enumerate(table):
                    found[slot.name] = (region + i, slot)
            self._slots = found
        return self._slots


class Run:
    """Patients in one compiled body, going forward in time. A stopped run goes on with the same bits."""

    def __init__(self, engine: Engine, patients: int, values: Mapping[str, Any], seed: int, snapshot, numbers):
        if patients < 1:
            raise ModelError(f"a run of {patients} patients cannot be; at least one is needed.")
        self.engine, self.patients, self.seed = engine, patients, seed
        self.width = engine.width(patients)
        self.blocks = -(-patients // self.width)
        lay = engine.layout
        kind = np.float64 if engine.precision == "float64" else np.float32
        self.data = _aligned((self.blocks, lay.slots, self.width), kind)
        ids = np.arange(patients) if numbers is None else np.asarray(list(numbers))
        if len(ids) != patients:
            raise ModelError(f"{len(ids)} numbers were given for {patients} patients; each needs one of its own.")
        padded = np.resize(ids, self.blocks * self.width)
        keys = np.array([randomness.key(seed, int(i)) for i in padded], np.uint64)
        self.keys = _aligned((self.blocks, self.width), np.uint64)
        self.keys[:] = keys.reshape(self.blocks, self.width)
        self.events_log = np.zeros((self.blocks, self.width, EVENT_ROOM, 2), np.int64)
        self.event_counts = np.zeros((self.blocks, self.width), np.int64)
        self._log: list[np.ndarray] = []
        self.tick = 0
        self.failures: list[Failure] = []
        self.journal: list[tuple[int, str, Any]] = []
        self._recording: tuple[int, list[str]] | None = None
        self._frames: list[np.ndarray] = []
        self._frame_times: list[np.ndarray] = []
        self._window_start = 0
        self._before: dict[int, np.ndarray] = {}
        self._copies: dict[str, list] = {}
        for i, slot in enumerate(engine.program.states):
            self.data[:, lay.state + i] = slot.initial
        for i, slot in enumerate(engine.program.params):
            self.data[:, lay.param + i] = slot.initial
        for i, slot in enumerate(engine.program.held):
            self.data[:, lay.held + i] = self.data[:, lay.pending + i] = slot.initial
        self.data[:, lay.failed] = -1.0
        for name, value in values.items():
            self._set(name, value, ("state", "param", "command", "memory", "reads"))
        self.begin_window()
        self._call("prime", 0, 0)
        if snapshot is not None:
            self.restore(snapshot)
            if not self._regions().keys() <= snapshot.numbers.keys():  # parts that are new tell what they see by now
                self._call("prime", 0, 0)
                self.restore(snapshot)

    # time --------------------------------------------------------------------------------------------------------
    @property
    def time(self) -> float:
        """Seconds since the beginning."""
        return self.tick * 1e-9

    def advance(self, duration: Quantity) -> None:
        """Go forward. A failing patient is noted in `failures`; the others go on."""
        steps = round(duration.to(s) * 1e9 / self.engine.step_ns)
        while steps > 0:
            chunk = min(steps, self._next_stop())
            start = self.tick // self.engine.step_ns
            self._foreign(start)
            self._call("advance", start, chunk)
            self.tick += chunk * self.engine.step_ns
            self._drain()
            self._notice(start)
            steps -= chunk

    def _next_stop(self) -> int:
        """Steps until something outside the compiled code wants a word."""
        now = self.tick // self.engine.step_ns
        periods = [f.period for f in self.engine.program.foreign]
        room = max(1, round(2.0 * 1e9 / self.engine.step_ns))
        return min([p - now % p for p in periods] + [room])

    def _foreign(self, step: int) -> None:
        lay = self.engine.layout
        parts = [f for f in self.engine.program.foreign if step % f.period == 0]
        if not parts:
            return
        self._call("observe", step, 0)
        for part in parts:
            things = self._things(part)
            for p in range(self.patients):
                b, lane = divmod(p, self.width)
                told = {n: unit.of(float(self.data[b, lay.out + j, lane])) for n, j, unit in part.readings}
                answer = things[p].step(self.time, told)
                for name, value in (answer or {}).items():
                    if name not in part.answers:
                        raise ModelError(
                            f"{part.name} answered {name!r}{did_you_mean(name, part.answers)}; it may answer {', '.join(part.answers)}."
                        )
                    slot, unit = part.answers[name]
                    self.data[b, lay.held + slot, lane] = unit.si(float(value))

    def _things(self, part) -> list:
        """One foreign object per patient: copies of the one that was given, so that every run begins with it anew."""
        if part.name not in self._copies:
            self._copies[part.name] = [copy.deepcopy(part.thing) for _ in range(self.patients)]
        return self._copies[part.name]

    # calling compiled code -----------------------------------------------------------------------------------------
    def _call(self, entry: str, start: int, steps: int) -> None:
        every = self._recording[0] if self._recording and entry == "advance" else 0
        count = len(self.engine.program.outputs)
        frames = -(-(start + steps) // every) - -(-start // every) if every else 0
        record = _aligned((self.blocks, max(frames, 1), count, self.width), self.data.dtype) if every else None
        written = np.zeros((self.blocks, 1), np.int64)
        one = self._one_block(entry, start, steps, record, every, written)
        if entry == "advance":
            one = self._watched(one)
        threads = min(self.engine.threads, self.blocks)

        share = max(1, self.blocks // (4 * threads))  # small enough that the last thread is not waited for

        def some(first: int) -> None:
            for b in range(first, min(first + share, self.blocks)):
                one(b)

        if threads > 1 and self.engine.target == "cpu":
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(some, range(0, self.blocks, share)))
        else:
            for first in range(0, self.blocks, share):
                some(first)
        if record is not None and frames:
            assert self._recording
            columns = [self.engine.signal(n) for n in self._recording[1]]
            self._frames.append(record[:, :frames][:, :, columns])
            first = -(-start // every) * every
            self._frame_times.append((first + every * np.arange(frames)) * self.engine.step_ns * 1e-9)

    def _watched(self, one):
        """Keep how a block began in which a patient fails, to find out where."""
        failed = self.engine.layout.failed

        def watched(b: int) -> None:
            before = self.data[b].copy()
            one(b)
            if np.any(self.data[b, failed] > before[failed]):
                self._before[b] = before

        return watched

    def _one_block(self, entry, start, steps, record, every, written):
        if self.engine.target != "cpu":
            target = self.engine.interpreter if self.engine.target == "python" else self.engine.compile(self.width)

            def one(b: int) -> None:
                rec = None if record is None else record[b]
                target.run(
                    entry,
                    self.data[b],
                    self.keys[b],
                    start,
                    steps,
                    rec,
                    every,
                    written[b],
                    self.events_log[b],
                    self.event_counts[b],
                    EVENT_ROOM,
                )

            return one
        function = self.engine.compile(self.width).calls[entry]

        def one(b: int) -> None:
            rec = 0 if record is None else record[b].ctypes.data
            function(
                self.data[b].ctypes.data, self.keys[b].ctypes.data, start, steps, rec, every, written[b].ctypes.data,
                self.events_log[b].ctypes.data, self.event_counts[b].ctypes.data, EVENT_ROOM,
            )  # fmt: skip

        return one

    # values --------------------------------------------------------------------------------------------------------
    def _column(self, slot: int) -> np.ndarray:
        return self.data[:, slot].reshape(-1)[: self.patients].astype(np.float64)

    def _put(self, slot: int, values: np.ndarray | float) -> None:
        padded = np.resize(np.broadcast_to(np.asarray(values, np.float64), (self.patients,)), self.blocks * self.width)
        self.data[:, slot] = padded.reshape(self.blocks, self.width)

    def _set(self, name: str, value: Any, kinds: tuple[str, ...]) -> None:
        slots = self.engine.slots()
        full = self.engine.body.aliases.get(name, name)
        if full not in slots:
            raise ModelError(
                f"{name!r} is no row of this body{did_you_mean(name, [*slots, *self.engine.body.aliases])}."
            )
        at, slot = slots[full]
        part, _, row_name = full.rpartition(".")
        row = self.engine.body.parts[part].component.rows.get(row_name)
        if row is not None and row.kind not in kinds:
            raise ModelError(f"{name} is a {row.kind} row; only {', '.join(kinds)} rows can be set here.")
        if isinstance(value, Quantity):
            if row is not None:
                self._put(at, row.accept(value, name))
            else:
                self._put(at, 1.0 * slot.unit.factor * value.to(slot.unit))
            return
        array = np.asarray(value, np.float64)
        if array.shape not in ((), (self.patients,)):
            raise ModelError(
                f"{name} is given {array.shape} values; one number or {self.patients} (one per patient) would be right."
            )
        if row is not None:
            for v in (array.min(), array.max()):
                row.accept(Quantity(row.unit.si(float(v)), row.unit.dimension, row.unit), name)
        self._put(at, array * slot.unit.factor + slot.unit.offset)

    def command(self, name: str, value: Any) -> None:
        """Set a command from now on: a Quantity for all, or an array in the row's unit, one value per patient."""
        self._set(name, value, ("command",))
        self.journal.append((self.tick, name, value))

    def value(self, name: str) -> np.ndarray:
        """The present value of a state, parameter, memory or command, in its unit."""
        slots = self.engine.slots()
        full = self.engine.body.aliases.get(name, name)
        if full not in slots:
            raise ModelError(f"{name!r} is no row of this body{did_you_mean(name, slots)}.")
        at, slot = slots[full]
        return slot.unit.of(self._column(at))

    def look(self) -> None:
        """Bring the observed signals up to this moment, without a step."""
        self._call("observe", self.tick // self.engine.step_ns, 0)

    def column(self, signal: str) -> np.ndarray:
        """An observed signal as last looked at, in its unit."""
        j = self.engine.signal(signal)
        return self.engine.outputs[signal].unit.of(self._column(self.engine.layout.out + j))

    def now(self, signal: str) -> np.ndarray:
        """An observed signal at this moment, in its unit."""
        self.look()
        return self.column(signal)

    # measuring -----------------------------------------------------------------------------------------------------
    def begin_window(self) -> None:
        """Forget the statistics so far."""
        lay, n = self.engine.layout, len(self.engine.program.outputs)
        for region, start in zip(ACCUMULATORS, (0.0, 0.0, np.inf, -np.inf), strict=True):
            first = getattr(lay, region)
            self.data[:, first : first + n] = start
        self._window_start = self.tick

    def window(self) -> Window:
        return Window(self, (self.tick - self._window_start) // self.engine.step_ns)

    def record(self, every: Quantity = 5.0 * ms, names: Iterable[str] | None = None) -> None:
        """Keep the observed signals from now on, one frame per `every`."""
        steps = max(1, round(every.to(s) * 1e9 / self.engine.step_ns))
        wanted = list(self.engine.outputs) if names is None else list(names)
        for name in wanted:
            self.engine.signal(name)
        self._recording = (steps, wanted)
        self._frames, self._frame_times = [], []

    def stop_recording(self) -> None:
        self._recording_names = self._recording[1] if self._recording else []
        self._recording = None

    def traces(self) -> dict[str, np.ndarray]:
        """`time` (frames,) in s and each recorded signal (patients, frames) in its unit."""
        names = self._recording[1] if self._recording else getattr(self, "_recording_names", [])
        if not self._frames:
            return {"time": np.zeros(0), **{n: np.zeros((self.patients, 0)) for n in names}}
        result: dict[str, np.ndarray] = {"time": np.concatenate(self._frame_times)}
        for j, name in enumerate(names):
            rows = np.concatenate([f[:, :, j, :] for f in self._frames], axis=1)  # blocks, frames, lanes
            table = rows.transpose(0, 2, 1).reshape(-1, rows.shape[1])[: self.patients]
            result[name] = self.engine.outputs[name].unit.of(table.astype(np.float64))
        return result

    # what is noticed -------------------------------------------------------------------------------------------------
    def _drain(self) -> None:
        """Move the compiled code's log over: rows of patient, step and what began (odd) or ended (even).

        Where more happened than there is room for, a last row says how much, as a negative number."""
        counts = self.event_counts.reshape(-1)[: self.patients]
        if counts.any():
            used = np.arange(EVENT_ROOM) < counts[:, None]
            rows = self.events_log.reshape(-1, EVENT_ROOM, 2)[: self.patients][used]
            who = np.repeat(np.arange(self.patients), np.minimum(counts, EVENT_ROOM))
            self._log.append(np.column_stack([who, rows]))
            full = np.nonzero(counts > EVENT_ROOM)[0]
            last = np.full(len(full), self.tick // self.engine.step_ns - 1)
            self._log.append(np.column_stack([full, last, EVENT_ROOM - counts[full]]))
        self.event_counts[:] = 0

    def events(self) -> list[Event]:
        """Alarms and events so far, by time, then patient. Of a mere event only the beginning is told."""
        bells, step = self.engine.program.bells, self.engine.step_ns * 1e-9
        told = []
        for who, at, what in np.concatenate([np.zeros((0, 3), np.int64), *self._log]).tolist():
            if what < 0:
                told.append(Event(who, at * step, "log", f"{-what} lines were lost", "event", True))
                continue
            bell, on = bells[what // 2], bool(what % 2)
            if on or bell.priority != "event":
                told.append(Event(who, at * step, bell.part, bell.name, bell.priority, on))
        return sorted(told, key=lambda e: (e.time_s, e.patient, e.part, e.event))

    def _notice(self, start: int) -> None:
        for block, before in sorted(self._before.items()):
            fresh = self.data[block, self.engine.layout.failed] > before[self.engine.layout.failed]
            for lane in np.nonzero(fresh)[0]:
                patient = block * self.width + int(lane)
                if patient < self.patients:
                    step = int(self.data[block, self.engine.layout.failed, lane])
                    column, first = self._close_up(before[:, lane], int(self.keys[block, lane]), start, step)
                    self.failures.append(self._explain(patient, step, column, first))
        self._before.clear()

    def _close_up(self, column: np.ndarray, key: int, start: int, step: int) -> tuple[np.ndarray, int]:
        """A patient once more, by compiled code, to a few steps before the failure was seen."""
        first = max(start, step - CHECK_EVERY + 1)
        if self.engine.target != "cpu" or first == start:
            return column, start
        data = _aligned((1, len(column), 1), self.data.dtype)
        data[0, :, 0] = column
        keys, none = np.array([key], np.uint64), np.zeros(1, np.int64)
        self.engine.compile(1).calls["advance"](
            data.ctypes.data, keys.ctypes.data, start, first - start, 0, 0, none.ctypes.data, 0, none.ctypes.data, 0
        )
        return data[0, :, 0], first

    def _explain(self, patient: int, step: int, before: np.ndarray, start: int) -> Failure:
        """Step again, in plain Python, until the first number that is none; name its part and line."""
        block, lane = divmod(patient, self.width)
        program, names = self.engine.program, [slot.name for slot in self.engine.program.states]
        when = step * self.engine.step_ns * 1e-9
        interpreter = self.engine.interpreter
        b = before.astype(float).tolist()
        interpreter.keep(b, 1, 2, 3)
        key = int(self.keys[block, lane])
        for n in range(start, step + 1):
            last = list(b)
            interpreter.step(b, n, key)
            when = n * self.engine.step_ns * 1e-9
            low = next((v for v in program.volumes if -np.inf < b[v] < 0), None)
            if low is not None:
                part = names[low].removesuffix(".volume")
                return Failure(
                    patient, when, part, 0, f"patient {patient}, {when:.3f} s: the volume of {part} became negative."
                )
            if not all(np.isfinite(b[: len(names)])):
                state = names[next(i for i, v in enumerate(b[: len(names)]) if not np.isfinite(v))]
                part, line = interpreter.culprit(last, n, key) or (state.rpartition(".")[0], 0)
                where = f" (line {line})" if line else ""
                return Failure(
                    patient,
                    when,
                    part,
                    line,
                    f"patient {patient}, {when:.3f} s: {part}{where} gave a number that is none; {state} was lost.",
                )
        return Failure(patient, when, "", 0, f"patient {patient} left the physical range by {when:.3f} s.")

    # stopping and going on ---------------------------------------------------------------------------------------------
    def _regions(self) -> dict[str, int]:
        """Every slot that a snapshot holds, by name."""
        if not hasattr(self, "_named"):
            engine, lay = self.engine, self.engine.layout
            p, found = engine.program, {}
            for kind, first, table in (
                ("state", lay.state, p.states),
                ("param", lay.param, p.params),
                ("held", lay.held, p.held),
            ):
                for i, slot in enumerate(table):
                    found[f"{kind} {slot.name}"] = first + i
            for r, (ring, first) in enumerate(zip(p.rings, lay.ring_starts, strict=True)):
                for i in range(ring.length):
                    found[f"late {ring.name} {i}/{ring.length}"] = lay.ring + first + i
                del r
            for i, slot in enumerate(p.states):
                found[f"carry {slot.name}"] = lay.carry + i
            for region in ("out", *ACCUMULATORS):
                for j, (name, _) in enumerate(p.outputs):
                    found[f"{region} {name}"] = getattr(lay, region) + j
            found["failed"] = lay.failed
            self._named = found
        return self._named

    def snapshot(self) -> Snapshot:
        """This moment as data. Foreign parts need `get_state`; without it this raises ModelError."""
        foreign = {}
        for part in self.engine.program.foreign:
            if not hasattr(part.thing, "get_state"):
                raise ModelError(f"{part.name} has no get_state; a body with it cannot be rewound.")
            foreign[part.name] = [copy.deepcopy(t.get_state()) for t in self._things(part)]
        numbers = {name: self._column(slot) for name, slot in self._regions().items()}
        numbers["window"] = np.array([self._window_start], float)
        return Snapshot(self.tick, numbers, self.keys.reshape(-1)[: self.patients].copy(), foreign)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or over) to a snapshot. What the snapshot does not know keeps its value."""
        if len(snapshot.keys) != self.patients:
            raise ModelError(
                f"the snapshot holds {len(snapshot.keys)} patients, this run {self.patients}; they must agree."
            )
        if snapshot.tick % self.engine.step_ns:
            raise ModelError(
                f"the snapshot stands between two steps of {self.engine.step_ns / 1e6:g} ms; choose a step that divides "
                f"{snapshot.tick / 1e6:g} ms."
            )
        for name, slot in self._regions().items():
            if name in snapshot.numbers:
                self._put(slot, snapshot.numbers[name])
        padded = np.resize(snapshot.keys, self.blocks * self.width)
        self.keys[:] = padded.reshape(self.blocks, self.width)
        self.tick = snapshot.tick
        last, kind = self.tick // self.engine.step_ns - 1, self.data.dtype.type  # the step that was taken last
        for g, group in enumerate(self.engine.program.groups):
            steps = last % group.period if last >= 0 else -1
            self.data[:, self.engine.layout.age + g] = kind(steps) * kind(self.engine.step_ns * 1e-9)
        self._window_start = int(snapshot.numbers["window"][0])
        here = self.tick // self.engine.step_ns
        self._log = [rows[rows[:, 1] < here] for rows in self._log]
        self.failures = [f for f in self.failures if f.time_s < self.time]
        kept = [t < self.time for t in self._frame_times]
        self._frames = [f[:, k] for f, k in zip(self._frames, kept, strict=True)]
        self._frame_times = [t[k] for t, k in zip(self._frame_times, kept, strict=True)]
        for part in self.engine.program.foreign:
            if part.name in snapshot.foreign:
                for thing, state in zip(self._things(part), snapshot.foreign[part.name], strict=True):
                    thing.set_state(copy.deepcopy(state))


def _aligned(shape: tuple[int, ...], kind) -> np.ndarray:
    """Zeros whose blocks begin where a whole register can be loaded."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.zeros(size + 128, np.uint8)
    offset = -raw.ctypes.data % 128
    return raw[offset : offset + size].view(kind).reshape(shape)
