"""The laboratory in 400 lines.

This file is the whole idea of Proband in plain Python: no package is imported, not even Proband. It can be read from
top to bottom in a quarter of an hour. A heart beats against a vessel, an artificial heart helps it, a trial asks a
question, and a verdict comes out.

    python docs/the_lab_in_400_lines.py

The modular laboratory says the same things with the same words, and adds what this file leaves out: compiled code,
many patients at once, substances that ride on the blood, real organs, real devices, published numbers, and a report.
The equations of chapter 2 run unchanged in both; a test holds their numbers against each other.

    1  Units            numbers that know what they are
    2  Components       a paper's table and equations as one function
    3  A body           parts by name, and what joins them
    4  An engine        an order of evaluation, the balances, Runge and Kutta
    5  A trial          who, what is attached, what is done, what is measured, what would count
    6  The question     how fast must the pump turn?

Research use only, not a medical device.
"""

# ruff: noqa: E731 – a short definition may stand on one line
# fmt: off
from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

# ==================================================================================================== 1  Units
# A quantity is a number in SI and the powers of kilogram, metre and second that it is made of. Addition asks both
# sides to be of one kind; multiplication adds the powers. That is all a unit check needs.

@dataclass(frozen=True)
class Quantity:
    si: float
    powers: tuple[float, ...] = (0, 0, 0)  # of kg, m, s

    def alike(self, other: Any) -> Quantity:
        """The other one, if it is of the same kind."""
        other = quantity(other)
        if other.powers != self.powers:
            raise TypeError(f"{other} was met where {self} stands: they are of different kinds.")
        return other

    def __mul__(self, other):
        other = quantity(other)
        return Quantity(self.si * other.si, tuple(a + b for a, b in zip(self.powers, other.powers)))

    def __add__(self, other): return Quantity(self.si + self.alike(other).si, self.powers)
    def __pow__(self, power): return Quantity(self.si**power, tuple(p * power for p in self.powers))
    def __lt__(self, other): return self.si < self.alike(other).si
    def __gt__(self, other): return self.si > self.alike(other).si
    def __abs__(self): return Quantity(abs(self.si), self.powers)
    __radd__, __rmul__, __neg__ = __add__, __mul__, lambda self: self * -1
    __sub__, __rsub__ = lambda self, other: self + -quantity(other), lambda self, other: -self + other
    __truediv__, __rtruediv__ = lambda self, other: self * quantity(other) ** -1, lambda self, other: self**-1 * other
    def __str__(self): return " ".join([f"{self.si:.4g}", *(f"{n}^{p:g}" for n, p in zip(("kg", "m", "s"), self.powers) if p)])

def quantity(x: Any) -> Quantity: return x if isinstance(x, Quantity) else Quantity(float(x))

one = Quantity(1.0)
kg, m, s = Quantity(1.0, (1, 0, 0)), Quantity(1.0, (0, 1, 0)), Quantity(1.0, (0, 0, 1))
ms, L = 1e-3 * s, 1e-3 * m**3
mL, L_min, per_min = 1e-3 * L, L / (60 * s), 1 / (60 * s)
mmHg = 133.322387415 * kg / (m * s**2)
rpm = 2 * math.pi * per_min  # an angular speed

def sin(x): return math.sin(x) if isinstance(x, float) else quantity(math.sin(one.alike(x).si))
def minimum(a, b): return a if a < b else b
def limited(x, low, high): return low if x < low else high if x > high else x
def positive(x): return x if x > 0 * x else 0 * x
def wrapped(x, period): return x - period * math.floor(quantity(x / period).si)  # brought back into one period

# =============================================================================================== 2  Components
# A component is one function. Its signature is the table as a paper prints it: value, unit, meaning, source. Its body
# is the paper's equations. A compartment holds blood, a path moves it, a signal tells, a controller decides. (The
# modular laboratory has two kinds more, for what is dissolved: membrane and reaction.)

@dataclass(frozen=True)
class Row:
    kind: str  # end, state, param, command, reads, memory
    unit: Quantity
    meaning: str
    value: float | None = None  # in SI
    source: str = ""

def _row(kind):
    return lambda value, unit, meaning, source="", low=None, high=None: Row(kind, unit, meaning, value * unit.si, source)

state, param, command, memory = _row("state"), _row("param"), _row("command"), _row("memory")
end = lambda unit, meaning: Row("end", unit, meaning)
reads = lambda unit, meaning: Row("reads", unit, meaning)
gives = dict  # what the equations hand back: d_x for a state's rate, next_x for a memory, else a quantity that is told

@dataclass(frozen=True)
class Component:
    kind: str
    equations: Callable[..., dict]
    rows: dict[str, Row]
    period: float | None = None
    tells: tuple[str, ...] = ()

    def __call__(self, *ends: str, **settings: Any) -> Part:
        """Make a part: where it joins, what it reads ('part.signal'), and which rows have other values."""
        unknown = [name for name in settings if name not in self.rows]
        if unknown:
            raise ValueError(f"{self.equations.__name__} has no row {unknown[0]!r}; it has {', '.join(self.rows)}.")
        wires = {n: v for n, v in settings.items() if isinstance(v, str)}
        return Part(self, ends, {n: self.rows[n].unit.alike(v).si for n, v in settings.items() if n not in wires}, wires)

@dataclass(frozen=True)
class Part:
    component: Component
    ends: tuple[str, ...]
    values: dict[str, float]
    wires: dict[str, str]

def _component(kind: str, period: Quantity | None = None):
    def made(function: Callable) -> Component:
        rows = {name: parameter.default for name, parameter in inspect.signature(function).parameters.items()}
        for name in [n for n, row in rows.items() if row.kind == "param" and not row.source]:
            raise ValueError(f"{function.__name__}.{name} has no source; 'assumed: why' is one.")
        return Component(kind, function, rows, period and period.si, _checked(function, rows))

    return made

def _checked(equations: Callable, rows: dict[str, Row]) -> tuple[str, ...]:
    """Call the equations once with quantities, so that a wrong unit cannot even be imported; gives what they tell."""
    results = equations(**{n: r.unit * ((r.value or 1.1) / r.unit.si) for n, r in rows.items()})
    for name, value in results.items():
        prefix, _, of = name.partition("_")
        value, unit, _ = value if isinstance(value, tuple) else (value, {"pressure": mmHg, "flow": L_min}.get(name), "")
        unit = {"d": rows[of].unit / s, "next": rows[of].unit}[prefix] if of in rows else unit
        unit.alike(value)
    return tuple(results)

compartment, path, signal = (_component(kind) for kind in ("compartment", "path", "signal"))
controller = lambda period: _component("controller", period)

# ------------------------------------------------------------------------------------------------- the equations

@signal
def heart(
    phase   = state(0.0,     one,     "of the beat, counted in beats"),
    rate    = command(80.0,  per_min, "beats per minute", low=30, high=180),
    systole = param(0.40,    one,     "share of the beat in which the muscle is active", "assumed: 0.3 s at 80 beats per minute"),
):
    """A clock, and the muscle's activation: a squared half sine in systole."""
    squeeze = sin(3.141592653589793 * minimum(wrapped(phase, 1.0) / systole, 1.0))
    return gives(d_phase=rate, activation=(squeeze * squeeze, one, "share of full contraction, 0 to 1"))

@compartment
def ventricle(
    volume     = state(200.0, mL,      "blood in the chamber"),
    activation = reads(one,            "share of full contraction, 0 to 1"),
    E_max      = param(0.55,  mmHg/mL, "elastance at full contraction", "assumed: a failing ventricle; healthy ones have 2 to 3"),
    E_min      = param(0.08,  mmHg/mL, "elastance at rest",             "assumed: 14 mmHg at an end-diastolic volume of 195 mL"),
    V_0        = param(20.0,  mL,      "volume at zero pressure",       "assumed: dilated"),
):
    """Time-varying elastance: p = E(t) (V − V_0)."""
    return gives(pressure=(E_min + (E_max - E_min) * activation) * (volume - V_0))

@compartment
def vessel(
    volume = state(100.0, mL,      "blood in the vessel"),
    C      = param(1.5,   mL/mmHg, "compliance",        "assumed: every use gives its own"),
    V_0    = param(50.0,  mL,      "unstressed volume", "assumed: every use gives its own"),
):
    """An elastic vessel: p = (V − V_0) / C."""
    return gives(pressure=(volume - V_0) / C)

@path
def tube(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    R     = param(1.0, mmHg*s/mL, "resistance", "assumed: every use gives its own"),
):
    """Poiseuille flow: Q = Δp / R."""
    return gives(flow=(p_in - p_out) / R)

@path
def valve(
    p_in  = end(mmHg, "upstream"),
    p_out = end(mmHg, "downstream"),
    R     = param(0.01, mmHg*s/mL, "resistance when open", "assumed: 3 mmHg at a peak flow of 300 mL/s"),
):
    """Opens one way: Q = Δp / R while that is forward, else nothing."""
    return gives(flow=positive(p_in - p_out) / R)

@path
def pump(
    p_in  = end(mmHg, "at the inlet cannula"),
    p_out = end(mmHg, "at the outlet graft"),
    speed = reads(rpm, "of the rotor"),
    flow  = state(0.0,       L_min,            "through the pump"),
    a     = param(3.4578e-6, mmHg/rpm**2,      "head per speed squared",       "Boes 2019 IEEE Trans Biomed Eng 66:1618"),
    R1    = param(-7.2946e-4, mmHg/rpm/L_min,  "loss of head per speed and flow", "Boes 2019"),
    R2    = param(2.2453,    mmHg/L_min**2,    "loss of head per flow squared", "Boes 2019"),
    I     = param(30.39,     mmHg*s**2/L,      "inertance of pump, cannula and graft", "Boes 2019: 17.00 and 13.39"),
):
    """A column of blood pushed by a rotor: I dQ/dt = p_in − p_out + a N² − R1 N Q − R2 Q|Q|."""
    head = a * speed**2 - R1 * speed * flow - R2 * flow * abs(flow)
    return gives(flow=flow, d_flow=(p_in - p_out + head) / I)

@controller(period=20 * ms)
def firmware(
    inlet  = reads(mmHg,         "pressure at the inlet"),
    wanted = command(5400.0, rpm, "speed that is asked for", low=3000, high=9000),
    speed  = memory(3000.0,  rpm, "speed that the rotor is given"),
    least  = param(3000.0,   rpm,   "speed while the inlet sucks", "assumed: lowest speed of such pumps"),
    slew   = param(500.0,    rpm/s, "how fast the speed may change", "assumed: a step of 500 rpm takes a second"),
):
    """Ordinary Python, sampled: run up to the wanted speed, and back off while the inlet sucks."""
    if inlet < -5 * mmHg:
        target = least
    else:
        target = wanted
    change = slew * (20 * ms)
    return gives(next_speed=speed + limited(target - speed, -change, change))

# --------------------------------------------------------------------------------------------- end of equations

# =================================================================================================== 3  A body
# Parts by name. Nothing in it changes: attaching gives a new body.

@dataclass(frozen=True)
class Body:
    parts: dict[str, Part]

    def __post_init__(self):
        for name, part in self.parts.items():
            for place in (*part.ends, *(w.partition(".")[0] for w in part.wires.values())):
                if place not in self.parts:
                    raise ValueError(f"{name} joins {place!r}, but this body has {', '.join(self.parts)}.")
            for row, given in part.component.rows.items():
                if given.kind == "reads" and row not in part.wires:
                    raise ValueError(f"{name}.{row} is not connected; it reads {given.meaning}: {row}='part.signal'.")

    def attach(self, **more: Part) -> Body:
        return Body({**self.parts, **more})

def failing_circulation() -> Body:
    """A heart that is too weak for the 5 L/min that the organs ask for. The lungs and the right heart are left out:
    what returns waits in the veins."""
    return Body({
        "heart": heart(),
        "left_ventricle": ventricle(activation="heart.activation"),
        "aorta": vessel(volume=700 * mL, C=1.3 * mL / mmHg, V_0=590 * mL),
        "veins": vessel(volume=3800 * mL, C=60.0 * mL / mmHg, V_0=2900 * mL),
        "mitral_valve": valve("veins", "left_ventricle", R=0.02 * mmHg * s / mL),
        "aortic_valve": valve("left_ventricle", "aorta"),
        "organs": tube("aorta", "veins", R=1.05 * mmHg * s / mL),
    })

# ================================================================================================= 4  An engine
# It asks each part for what it tells, in an order in which nobody has to wait; it adds up what flows into every
# compartment, so that no equation ever writes a balance; and it steps forward with the classical Runge–Kutta rule.
# Sampled parts look at the world as it was just before their tick, so they can never wait for each other in a circle.

class Run:
    def __init__(self, body: Body, step: float = 1e-3):
        self.body, self.h, self.ticks = body, step, 0
        rows = {f"{p}.{r}": (part, row) for p, part in body.parts.items() for r, row in part.component.rows.items()}
        self.fixed = {n: part.values.get(n.split(".")[1], row.value) for n, (part, row) in rows.items()}
        self.states, self.commands = ([n for n, (_, r) in rows.items() if r.kind == kind] for kind in ("state", "command"))
        self.x = {name: self.fixed[name] for name in self.states}
        self.sampled = [(p, part) for p, part in body.parts.items() if part.component.period]
        self.order = self._ordered([p for p, part in body.parts.items() if not part.component.period])

    def _sources(self, name: str) -> dict[str, str]:
        """Where each row of a part that comes from elsewhere comes from: its ends' pressures and its wires."""
        part = self.body.parts[name]
        ends = [row for row, given in part.component.rows.items() if given.kind == "end"]
        return {**{row: f"{place}.pressure" for row, place in zip(ends, part.ends)}, **part.wires}

    def _ordered(self, waiting: list[str]) -> list[tuple[str, Part, dict[str, str]]]:
        order, known = [], set(self.fixed)
        while waiting:
            able = [p for p in waiting if all(wire in known for wire in self._sources(p).values())]
            if not able:
                raise ValueError(f"{' and '.join(waiting)} wait for each other; give one of them a state.")
            order += [(p, self.body.parts[p], self._sources(p)) for p in able]
            known |= {f"{p}.{told}" for p in able for told in self.body.parts[p].component.tells}
            waiting = [p for p in waiting if p not in able]
        return order

    def look(self, x: dict[str, float]) -> tuple[dict[str, float], dict[str, float]]:
        """Everything that is told at the states x, and the rate of every state."""
        world = {**self.fixed, **x}
        rates = dict.fromkeys(self.states, 0.0)
        for name, part, sources in self.order:
            table = {row: world[f"{name}.{row}"] for row in part.component.rows}
            table.update((row, world[wire]) for row, wire in sources.items())
            for told, value in part.component.equations(**table).items():
                if told.startswith("d_"):
                    rates[f"{name}.{told[2:]}"] = value
                else:
                    world[f"{name}.{told}"] = value[0] if isinstance(value, tuple) else value
            if part.component.kind == "path":  # what leaves one end arrives at the other, so that no blood is lost
                rates[f"{part.ends[0]}.volume"] -= world[f"{name}.flow"]
                rates[f"{part.ends[1]}.volume"] += world[f"{name}.flow"]
        return world, rates

    def _sample(self) -> None:
        due = [(n, p) for n, p in self.sampled if self.ticks % round(p.component.period / self.h) == 0]
        world = self.look(self.x)[0] if due else {}
        for name, part in due:  # seldom enough to be called with quantities: firmware may name units
            rows = part.component.rows.items()
            table = {n: row.unit * (world[part.wires.get(n, f"{name}.{n}")] / row.unit.si) for n, row in rows}
            for told, value in part.component.equations(**table).items():
                self.fixed[f"{name}.{told.removeprefix('next_')}"] = quantity(value).si

    def step(self) -> dict[str, float]:
        """One step; returns what was told at its beginning."""
        self._sample()
        x, h = self.x, self.h
        moved = lambda k, share: {n: x[n] + share * h * k[n] for n in x}
        world, k1 = self.look(x)
        _, k2 = self.look(moved(k1, 0.5))
        _, k3 = self.look(moved(k2, 0.5))
        _, k4 = self.look(moved(k3, 1.0))
        self.x = {n: x[n] + h / 6 * (k1[n] + 2 * k2[n] + 2 * k3[n] + k4[n]) for n in x}
        self.ticks += 1
        return world

    def set(self, command: str, value: Quantity) -> None:
        if command not in self.commands:
            raise ValueError(f"{command} is no command; there are {', '.join(self.commands)}.")
        self.fixed[command] = value.si

    def mean(self, signals: list[str], duration: Quantity) -> dict[str, float]:
        """Go forward, and give the mean of each signal on the way."""
        steps = round(duration.si / self.h)
        sums = dict.fromkeys(signals, 0.0)
        for _ in range(steps):
            world = self.step()
            for name in signals:
                sums[name] += world[name]
        return {name: total / max(steps, 1) for name, total in sums.items()}

# ================================================================================================== 5  A trial
# A trial is data: who, what is attached, what is done, what is measured, what would count as a pass.

@dataclass(frozen=True)
class Step:
    name: str
    set: dict[str, Quantity] = field(default_factory=dict)
    hold: Quantity = 4 * s
    window: Quantity = 1.5 * s  # two whole beats at 80 beats per minute

@dataclass(frozen=True)
class Trial:
    patient: Body
    protocol: list[Step]
    measures: dict[str, tuple[str, Quantity, str]]  # name → signal, unit, its symbol
    criterion: tuple[str, Quantity, str]  # measure, lower bound, why
    attach: dict[str, Part] = field(default_factory=dict)

    def run(self) -> list[tuple[str, dict[str, float], bool]]:
        """Every step's name, its measures in their units, and whether the criterion held."""
        run = Run(self.patient.attach(**self.attach))
        rows = []
        for step in self.protocol:
            for name, value in step.set.items():
                run.set(name, value)
            run.mean([], step.hold - step.window)
            means = run.mean([told for told, _, _ in self.measures.values()], step.window)
            measured = {name: means[told] / unit.si for name, (told, unit, _) in self.measures.items()}
            what, bound, _ = self.criterion
            rows.append((step.name, measured, means[self.measures[what][0]] >= bound.si))
        return rows

# =============================================================================================== 6  The question

FLOW = {"flow to the organs": ("organs.flow", L_min, "L/min"), "aortic pressure": ("aorta.pressure", mmHg, "mmHg"),
        "filling pressure": ("veins.pressure", mmHg, "mmHg")}
ENOUGH = ("flow to the organs", 4.3 * L_min, "a cardiac index of 2.2 L/min/m² for a body surface of 1.95 m²")
ALONE = Trial(failing_circulation(), [Step("no pump", hold=6 * s)], FLOW, ENOUGH)
HELPED = replace(
    ALONE,
    attach={"pump": pump("left_ventricle", "aorta", speed="firmware.speed"), "firmware": firmware(inlet="left_ventricle.pressure")},
    protocol=[Step(f"{n} rpm", {"firmware.wanted": n * rpm}) for n in (4600, 5000, 5400, 5800)],
    measures={**FLOW, "through the pump": ("pump.flow", L_min, "L/min")},
)

if __name__ == "__main__":
    for trial in (ALONE, HELPED):
        for name, measured, passed in trial.run():
            told = ", ".join(f"{what} {value:.3g} {trial.measures[what][2]}" for what, value in measured.items())
            print(f"{'✓' if passed else '✗'} {name}: {told}")
    what, bound, why = ENOUGH
    print(f"asked: {what} of at least {bound.si / L_min.si:g} L/min ({why})")
