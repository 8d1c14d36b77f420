"""An engine compiles a body once."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from proband.engine import cpu, cuda, stiffness
from proband.engine.blocks import plan
from proband.engine.explicit import EXPLICIT, asked_by
from proband.engine.flatten import flatten
from proband.engine.interpreter import Interpreter
from proband.engine.layout import layout
from proband.engine.run import Run
from proband.engine.snapshots import Snapshot
from proband.model import Body, ModelError, Output, did_you_mean
from proband.units import Quantity, ms, ns, s

WIDTHS = (1, 2, 4, 8, 16)
_planning = threading.Lock()  # an implicit step is written into the program's graph, which engines share


def _best_target() -> str:
    if cpu.available():
        return "cpu"
    warnings.warn(
        "llvmlite is not installed here, so bodies run in plain Python, some hundred times slower.", stacklevel=3
    )
    return "python"


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Thousands of small objects are made, and all of them stay: to look for garbage among them costs a third of the time.
    Afterwards they count as old, or the very next object would bring a look through all of them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not gc.get_freeze_count():  # nobody else has put objects aside
                gc.freeze()
                gc.unfreeze()
            gc.enable()


class Engine:
    """A body, traced, checked and compiled.

    observe: signals to keep (`part.quantity`), None for all; `aorta.pressure > 65 mmHg` keeps whether that holds, and
    its mean is the share of the time in %. tally: those of them whose percentiles will be asked for. tangents: rows by
    which every one of them is differentiated (`aorta.pressure per left_ventricle.E_max`). step: of the solver. lanes: 1, 2, 4, 8, 16 or "auto"
    (per run, by the number of patients). precision: "float64" or "float32". threads: None for all cores.
    method: "RK4" and "RK4L" (`explicit`), "ROS2" for stiff bodies, or "auto": RK4L where a part asks for it, else RK4; ROS2 where the
    body's fastest rate over a beat is too much for either.
    target: "auto", "cpu", "cuda" (one NVIDIA card) or "python". instructions: "native" or "avx2" (to compare bits).
    Raises ModelError where the body cannot be computed."""

    def __init__(
        self,
        body: Body,
        observe: Iterable[str] | None = None,
        *,
        tally: Iterable[str] = (),
        tangents: Iterable[str] = (),
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
        if method not in ("auto", *EXPLICIT, "ROS2"):
            raise ModelError(f"method = {method!r}; it must be 'auto', 'RK4', 'RK4L' or 'ROS2'.")
        self.body, self.precision, self.instructions = body, precision, instructions
        self.step_ns = round(step.to(s) * 1e9)
        self._observe = None if observe is None else list(observe)
        self.tangents = tuple(tangents)
        self.lanes, self.threads = lanes, threads or os.cpu_count() or 1
        self.target = _best_target() if target == "auto" else target
        self.fastest_rate: float | None = None
        self._undecided = method == "auto"
        # Runs of one engine may start in several threads: they agree on one method, and nobody's code is replaced while it runs.
        self._making = threading.RLock()
        with _no_collection():
            self.program = flatten(body, self._observe, self.step_ns, tangents=self.tangents)
            self.outputs = {n: Output(n, *self.program.units[n]) for n, _ in self.program.outputs}
            self._signals = {n: j for j, (n, _) in enumerate(self.program.outputs)}
            self._tallied = tuple(self.signal(n) for n in dict.fromkeys(tally))
            self._use(asked_by(body) if method == "auto" else method)

    def _use(self, method: str) -> None:
        self.method = method
        with _planning:
            self.plan = plan(self.program, method, self._tallied)
        self.layout = layout(self.plan)
        self.interpreter = Interpreter(self.plan, self.layout)
        self._compiled: dict[int, Any] = {}
        self._slots: dict[str, tuple[int, Any]] | None = None  # where a name's slot lies changes with the method

    def _bare(self) -> Engine:
        """The engine without tangents, which bring no rate of their own: the body's eigenvalues once more."""
        if not self.tangents:
            return self
        return Engine(self.body, self._observe, step=self.step_ns * ns, method=self.method, target=self.target)

    def decide(self, patients: int = 1) -> str:
        """Settle on the method, once: ROS2 where the body's fastest rate is too much for an explicit step. It is measured
        by the code that so many patients need anyway."""
        with self._making:
            if self._undecided:
                self._undecided = False
                bare = self._bare()
                self.fastest_rate = stiffness.fastest_rate(bare, 1 if self.target == "cuda" else bare.width(patients))
                if self.fastest_rate * self.step_ns * 1e-9 > stiffness.LIMIT:
                    self._use("ROS2")
            return self.method

    def line(self, node: int) -> int:
        """The source line that wrote a node: found by tracing once more, since lines are seldom asked for."""
        lines = flatten(self.body, self._observe, self.step_ns, with_lines=True).graph.lines
        return lines[node] if lines and node < len(lines) else 0

    def signal(self, name: str) -> int:
        """The number of an observed signal. Raises ModelError where it is not observed."""
        if name not in self._signals:
            raise ModelError(
                f"{name!r} is not observed in this run{did_you_mean(name, self._signals)}; name it in observe=[…]."
            )
        return self._signals[name]

    def compile(self, width: int, fresh: bool = False) -> Any:
        """Compiled entries for a lane count (from the disk where they were compiled before)."""
        if width in self._compiled and not fresh:
            return self._compiled[width]
        with self._making:
            if width not in self._compiled or fresh:
                if self.target == "cuda":
                    self._compiled[width] = cuda.Kernels(self.plan, self.layout, self.precision)
                else:
                    self._compiled[width] = cpu.compile(
                        self.plan, self.layout, width, self.precision, self.instructions, fresh
                    )
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
        bodies: Sequence[Body] | None = None,
    ) -> Run:
        """A run of `patients`. `values` sets rows (parameters, states, commands): a Quantity for all, or an array in the
        row's unit with one value per patient, masked (`numpy.ma`) for those who keep what their body has. `numbers` are
        the patients' own numbers (for their random streams), `bodies` their own bodies, all of this one's structure."""
        self.decide(patients)
        return Run(self, patients, values or {}, seed, snapshot, numbers, bodies)

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

    def unread(self) -> frozenset[str]:
        """Names of what sampled parts would tell or keep if anyone heard of it in this run."""
        return frozenset(self.program.held[i].name for i in self.program.unread)

    def slots(self) -> dict[str, tuple[int, Any]]:
        """Every named number of a patient: `part.row` → (slot, Slot)."""
        if self._slots is None:
            p, lay = self.program, self.layout
            found = {}
            for region, table in ((lay.state, p.states), (lay.param, p.params), (lay.held, p.held)):
                for i, slot in enumerate(table):
                    found[slot.name] = (region + i, slot)
            self._slots = found
        return self._slots
