"""The contracts hold for what keeps them, and each of them finds what does not."""

import pytest

from proband.engine import Engine
from proband.model import *
from proband.testing import HEADINGS, DeviceContract, OrganContract
from proband.units import *


@compartment
def bag(volume=state(100.0, mL, "in the bag"), C=param(1.0, mL / mmHg, "compliance", "assumed: a test")):
    """An elastic bag."""
    return gives(pressure=volume / C)


@path
def pump(
    p_in=end(mmHg, "up"),
    p_out=end(mmHg, "down"),
    flow=state(0.0, mL_s, "flow"),
    speed=command(1.0, one, "speed", low=0, high=5),
):
    """A lazy pump."""
    return gives(flow=flow, d_flow=(speed * 10 * mL_s - flow) / (0.1 * s))


@path
def pipe(p_in=end(mmHg, "up"), p_out=end(mmHg, "down"), R=param(1.0, mmHg * s / mL, "resistance", "assumed: a test")):
    """A resistance."""
    return gives(flow=(p_in - p_out) / R)


@controller(period=10 * ms)
def brain(p=reads(mmHg, "pressure"), tired=memory(0.0, one, "tiredness")):
    """Tires at random."""
    return gives(next_tired=tired + random_uniform(), low=alarm(p < 20 * mmHg, "low", "empty"))


def circuit():
    return Body(a=bag(), b=bag(), pump=pump("a", "b"), pipe=pipe("b", "a"), brain=brain(p="a.pressure"))


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("# A pump\n\n" + "\n".join(f"## {h}\n\nText.\n" for h in HEADINGS))
    return file


class TestOrgan(OrganContract):
    components = (bag, pipe)

    def body(self):
        return circuit()


class TestDevice(DeviceContract):
    components = (pump, brain)

    def body(self):
        return circuit()

    @pytest.fixture(autouse=True)
    def _page(self, page, monkeypatch):
        monkeypatch.setattr(type(self), "page", page)


# each clause can fail ----------------------------------------------------------------------------------------------


@path
def silent(p_in=end(mmHg, "up"), p_out=end(mmHg, "down")):
    return gives(flow=(p_in - p_out) / (1 * mmHg * s / mL))


@signal
def apples(p=reads(mmHg, "p")):
    """Adds what cannot be added."""
    return gives(x=(p + 1 * mL, mmHg, "nonsense"))


class Moody:
    """Foreign code with a mind of its own."""

    told = 0

    def step(self, time, readings):
        Moody.told += 1
        return {"x": float(Moody.told)}

    def get_state(self):
        return None

    def set_state(self, state):
        pass


def broken(base=OrganContract, components=(bag,), body=circuit, page=None):
    class Broken(base):
        def body(self):
            return body()

    Broken.components, Broken.page = components, page
    return Broken()


def test_wrong_units_are_found():
    with pytest.raises(ModelError, match="cannot add"):
        broken(components=(apples,)).test_units_meet()
    with pytest.raises(AssertionError, match="name the components"):
        broken(components=()).test_units_meet()


def test_silence_is_found(tmp_path):
    with pytest.raises(AssertionError, match="silent has no docstring"):
        broken(components=(silent,)).test_it_says_what_it_is()
    (tmp_path / "page.md").write_text("# A pump\n\n## What it is\n")
    with pytest.raises(AssertionError, match="lacks the heading 'Where it joins'"):
        broken(page=tmp_path / "page.md").test_it_says_what_it_is()
    with pytest.raises(AssertionError, match="say where the device's page lies"):
        broken(DeviceContract).test_it_has_a_page()


def test_a_leak_is_found(monkeypatch):
    contract = broken()
    start = contract.start

    def leaking(seed=1, **how):
        run = start(seed, **how)
        advance = run.advance
        run.advance = lambda t: (advance(t), run.cells.put(0, run.cells.column(0) * (1 + 1e-9)))
        return run

    contract.start = leaking
    with pytest.raises(AssertionError, match="volume"):
        contract.test_volume_and_substances_are_conserved()


def test_a_mind_of_its_own_is_found():
    def body():
        return circuit().attach(moody=foreign(Moody(), period=10 * ms, gives={"x": (0.0, one, "x")}))

    with pytest.raises(AssertionError, match=r"moody\.x differs between two runs of one seed"):
        broken(body=body).test_the_same_seed_gives_the_same_bits()
    with pytest.raises(AssertionError, match="differs after going back"):
        broken(DeviceContract, body=body).test_going_back_gives_the_same_bits()


def test_another_result_of_plain_python_is_found(monkeypatch):
    from proband.engine import interpreter

    monkeypatch.setitem(interpreter.SPELLING, "sub", "{0} - {1} * 1.0000001")
    with pytest.raises(AssertionError, match="differs between compiled code and plain Python"):
        broken().test_compiled_code_agrees_with_plain_python()


def test_a_range_that_is_not_kept_is_found(monkeypatch):
    from proband.engine import Run

    monkeypatch.setattr(Run, "command", lambda *a: None)
    with pytest.raises(AssertionError, match=r"pump\.speed accepts"):
        broken(DeviceContract).test_commands_out_of_range_are_refused()


def test_the_engine_takes_the_circuit():
    assert Engine(circuit()).decide() in ("RK4", "ROS2")
