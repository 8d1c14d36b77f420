"""Contracts of organs and devices, for pytest. Inherit one, say what it is about, and its tests are yours:

class TestPump(DeviceContract):
    components = (rotor, brain)
    page = Path(pump.__file__).parent / "page.md"

    def body(self):
        return mock_loop().attach(pump=pump("reservoir", "line"))
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from proband.engine import Engine, Run, cpu
from proband.model import Body, Component, ModelError
from proband.units import Quantity, ms, s

HEADINGS = (
    "What it is",
    "Where it joins",
    "Equations and sources",
    "What it leaves out",
    "What it was checked against",
)


class OrganContract:
    """Units, sources, conservation, determinism, and agreement of compiled code with plain Python."""

    components: Sequence[Component] = ()
    page: Path | None = None
    seconds = 2.0  # of model time in each test; longer than the slowest thing that the part does
    patients = 3

    def body(self) -> Body:
        """A closed body in which the components stand: what it holds cannot leave it."""
        raise NotImplementedError("give the contract a body(): a closed circuit in which the component stands.")

    def start(self, seed: int = 1, **how) -> Run:
        """A run of that body; some patients, so that lanes are filled."""
        return Engine(self.body(), **how).start(self.patients, seed=seed)

    def test_units_meet(self) -> None:
        assert self.components, "name the components that the contract is about: components = (…)."
        for component in self.components:
            assert component.outputs is not None  # calls the equations with quantities

    def test_every_parameter_has_a_source(self) -> None:
        for component in self.components:
            for row in component.table():
                assert row.kind != "param" or row.source.strip(), f"{component.name}.{row.name} has no source."
                assert row.meaning.strip(), f"{component.name}.{row.name} does not say what it means."

    def test_it_says_what_it_is(self) -> None:
        for component in self.components:
            assert component.doc.strip(), f"{component.name} has no docstring: one line that says the law."
        if self.page is not None:
            lines = [
                line.lstrip("# ").strip()
                for line in Path(self.page).read_text("utf-8").splitlines()
                if line.startswith("#")
            ]
            missing = [h for h in HEADINGS if h not in lines]
            assert not missing, f"{self.page} lacks the heading {missing[0]!r}."

    def test_volume_and_substances_are_conserved(self) -> None:
        run = self.start()
        parts, carried = run.engine.body.parts, [c.name for c in run.engine.body.substances]
        holders = [n for n, p in parts.items() if p.component.kind == "compartment"]
        made = {p.substance for p in parts.values() if p.component.kind == "reaction"}
        held = {what: [f"{n}.{what}" for n in holders] for what in ("volume", *carried) if holders and what not in made}
        before = {what: sum(run.value(n) for n in names) for what, names in held.items()}
        run.advance(self.seconds * s)
        assert not run.failures, run.failures[0].message
        for what, names in held.items():
            np.testing.assert_allclose(sum(run.value(n) for n in names), before[what], rtol=1e-12, err_msg=what)

    def test_the_same_seed_gives_the_same_bits(self) -> None:
        one, two = self.start(seed=5), self.start(seed=5)
        for run in (one, two):
            run.advance(self.seconds * s)
        for name in one.engine.slots():
            assert one.value(name).tobytes() == two.value(name).tobytes(), (
                f"{name} differs between two runs of one seed."
            )

    def test_compiled_code_agrees_with_plain_python(self) -> None:
        if not cpu.available():
            return
        engine = Engine(self.body())
        fast, plain = (
            engine.start(1, seed=2),
            Engine(self.body(), method=engine.decide(), target="python").start(1, seed=2),
        )
        states = [slot.name for slot in fast.engine.program.states]
        size = {n: np.abs(fast.value(n)) + 1e-12 for n in states}
        for _ in range(30):
            plain.restore(fast.snapshot())
            for run in (fast, plain):
                run.advance(1 * ms)
            for n in states:
                size[n] = np.maximum(size[n], np.abs(fast.value(n)))
                assert abs(fast.value(n) - plain.value(n))[0] <= 1e-12 * size[n][0], (
                    f"{n} differs between compiled code and plain Python."
                )


class DeviceContract(OrganContract):
    """All of that; and a device refuses what is out of range, can be rewound, and has a page."""

    def test_it_has_a_page(self) -> None:
        assert self.page is not None, "say where the device's page lies: page = Path(__file__).parent / 'page.md'."

    def test_commands_out_of_range_are_refused(self) -> None:
        run = self.start()
        for name in run.engine.body.commands():
            _, row = run.engine.body.row(name)
            for bound, beyond in ((row.low, -1.0), (row.high, 1.0)):
                if bound is not None:
                    outside = Quantity(bound + beyond * max(1e-6, abs(bound)), row.unit.dimension, row.unit)
                    try:
                        run.command(name, outside)
                    except ModelError:
                        continue
                    raise AssertionError(f"{name} accepts {outside}, which is out of its range.")

    def test_going_back_gives_the_same_bits(self) -> None:
        run = self.start()
        run.advance(self.seconds / 2 * s)
        kept = run.snapshot()
        run.advance(self.seconds / 2 * s)
        first = {n: run.value(n) for n in run.engine.slots()}
        run.restore(kept)
        run.advance(self.seconds / 2 * s)
        for name, value in first.items():
            assert run.value(name).tobytes() == value.tobytes(), f"{name} differs after going back."
