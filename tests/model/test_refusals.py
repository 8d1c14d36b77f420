"""What cannot be is refused, in one sentence that names part, row and remedy."""

import pytest
from model_parts import watch

from proband.engine import Engine
from proband.model import *
from proband.units import *
from small_parts import tube, vessel


def refused(call, *said):
    """The call raises ModelError with one sentence in which all of this is said."""
    with pytest.raises(ModelError) as caught:
        call()
    text = str(caught.value)
    assert text.endswith("."), text
    assert "\n" not in text
    for word in said:
        assert word in text, f"{word!r} is missing in: {text}"


# rows and components -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["", "   "])
def test_a_parameter_without_a_source(source):
    refused(lambda: param(1.0, mL, "a volume", source), "a volume", "no source", "assumed: why")


def test_a_wrong_unit():
    refused(lambda: vessel(volume=80 * mmHg), "vessel.volume", "80 mmHg", "its unit is mL")


def test_a_missing_unit():
    refused(lambda: vessel(volume=80), "vessel.volume", "without a unit", "mL")


def test_a_word_for_a_number():
    refused(lambda: vessel(volume="big"), "vessel.volume", "'big', which is no number", "write a number in mL")


def test_a_name_that_cannot_stand_before_a_dot():
    refused(lambda: Body(**{"my vessel": vessel()}), "'my vessel' cannot be the name")


def test_a_path_from_a_place_to_itself():
    refused(lambda: Body(a=vessel(), loop=tube("a", "a")), "loop leads from 'a' to 'a'", "name another")


@pytest.mark.parametrize("name", ["my dye", "volume"])
def test_a_substance_that_cannot_be_named_so(name):
    refused(lambda: Body(a=vessel()).carrying(Substance(name, mg)), repr(name))


def test_no_number():
    refused(lambda: vessel(volume=float("nan") * mL), "vessel.volume", "not a number")


def test_outside_the_range():
    refused(lambda: vessel(C=1000 * mL / mmHg), "vessel.C = 1000", "0.01 to 100")
    refused(lambda: vessel(volume=-1 * mL), "vessel.volume = -1 mL", "0 to inf mL")


def test_an_unknown_row():
    refused(lambda: vessel(volum=80 * mL), "vessel has no row 'volum'", "did you mean volume?")


def test_too_many_ends():
    refused(lambda: tube("a"), "tube is a path and joins 2", "1 were given")


def test_an_end_that_is_no_name():
    refused(lambda: tube(3, "b"), "tube was to join 3")


def test_a_table_entry_that_is_no_row():
    def broken(volume=state(1.0, mL, "v"), C=3.0):
        return gives(pressure=volume)

    refused(lambda: compartment(broken), "broken.C is no row")


def test_a_compartment_without_volume():
    def broken(C=param(1.0, mL, "v", "assumed: a test")):
        return gives(pressure=1 * mmHg)

    refused(lambda: compartment(broken), "broken is a compartment", "volume = state(")


def test_a_path_with_one_end():
    def broken(p_in=end(mmHg, "up")):
        return gives(flow=p_in)

    refused(lambda: path(broken), "broken is a path", "needs 2 end rows, but 1")


def test_a_controller_without_a_period():
    def broken(x=memory(0.0, one, "x")):
        return gives(next_x=x)

    refused(lambda: controller(broken), "needs a sampling period")


def test_a_controller_with_a_state():
    def broken(x=state(0.0, one, "x")):
        return gives(d_x=x / s)

    refused(lambda: controller(period=10 * ms)(broken), "broken is a controller", "memory(…)")


def test_memory_without_a_period():
    def broken(x=memory(0.0, one, "x")):
        return gives(next_x=x)

    refused(lambda: signal(broken), "broken has memory rows", "sampling period")


def test_state_and_memory_in_one_part():
    def broken(v=state(0.0, mL, "v"), x=memory(0.0, one, "x")):
        return gives()

    refused(lambda: signal(period=10 * ms)(broken), "broken has state and memory rows", "to a controller")


def test_a_late_reading_without_a_period():
    def broken(x=reads(one, "x", delay=1 * s)):
        return gives(y=(x, one, "y"))

    refused(lambda: signal(broken), "broken.x is read late", "period")


def test_an_alarm_with_an_unknown_priority():
    refused(lambda: alarm(True, "urgent", "too much"), "too much", "urgent", "high, medium, low")


# units of equations: each component is called with quantities ----------------------------------------------------


@signal
def adds_apples(p=reads(mmHg, "p"), q=reads(mL, "q")):
    return gives(sum_=(p + q, mmHg, "nonsense"))


@signal
def wrong_output(p=reads(mmHg, "p")):
    return gives(p_out=(p * p, mmHg, "no pressure"))


@signal
def bare_output(p=reads(mmHg, "p")):
    return gives(level=p)


@signal
def wrong_rate(x=state(1.0, mL, "x")):
    return gives(d_x=x)


@signal
def unknown_rate(x=state(1.0, mL, "x")):
    return gives(d_xx=x / s)


@signal
def no_rate(x=state(1.0, mL, "x")):
    return gives(twice=(2 * x, mL, "2x"))


@compartment
def no_pressure(volume=state(1.0, mL, "v")):
    return gives(twice=(2 * volume, mL, "2v"))


@signal(period=10 * ms)
def no_next(x=memory(1.0, mL, "x")):
    return gives(twice=(2 * x, mL, "2x"))


@signal
def one_branch(p=reads(mmHg, "p")):
    if p > 0 * mmHg:
        q = p
    return gives(q=(q, mmHg, "half assigned"))


@pytest.mark.parametrize(
    ("component", "said"),
    [
        (adds_apples, ["signal adds_apples, line ", "cannot add"]),
        (wrong_output, ["wrong_output", "p_out", "not in mmHg"]),
        (bare_output, ["bare_output gives level without a unit"]),
        (wrong_rate, ["wrong_rate", "d_x", "must be in mL/s"]),
        (unknown_rate, ["unknown_rate gives d_xx", "did you mean x?"]),
        (no_rate, ["no_rate has a state 'x' but gives no d_x"]),
        (no_pressure, ["no_pressure is a compartment and must give its pressure"]),
        (no_next, ["no_next has a memory 'x' but gives no next_x"]),
        (one_branch, ["one_branch", "q is assigned in one branch only"]),
    ],
)
def test_equations_whose_units_or_results_do_not_fit(component, said):
    refused(lambda: component.outputs, *said)


# bodies ----------------------------------------------------------------------------------------------------------


def test_an_end_that_does_not_exist():
    refused(lambda: Body(a=vessel(), t=tube("a", "aa")), "t ends in 'aa'", "no part of this body", "did you mean a?")


def test_an_end_that_is_no_compartment(body):
    refused(lambda: body.attach(t=tube("artery", "bed")), "t ends in 'bed', which is a path")


def test_an_unconnected_row():
    refused(lambda: Body(a=vessel(), w=watch()), "w.pressure is not connected", "mmHg", "pressure='part.signal'")


def test_a_wire_to_nowhere(body):
    refused(
        lambda: body.attach(w=watch(pressure="arteri.pressure")),
        "w.pressure reads 'arteri.pressure'",
        "did you mean artery.pressure?",
    )


def test_a_wire_to_an_unknown_quantity(body):
    refused(
        lambda: body.attach(w=watch(pressure="artery.presure")),
        "artery gives no 'presure'",
        "did you mean pressure?",
        "it gives pressure",
    )


def test_a_wire_of_another_unit(body):
    refused(lambda: body.attach(w=watch(pressure="artery.volume")), "w.pressure is in mmHg", "artery.volume is in mL")


def test_a_taken_name(body):
    refused(lambda: body.attach(artery=vessel()), "'artery' is attached already")


def test_something_that_is_no_part(body):
    refused(lambda: body.attach(x=3), "x is 3", "only parts and assemblies")


def test_detaching_what_is_not_there(body):
    refused(lambda: body.detach("artry"), "no 'artry'", "did you mean artery?")


def test_detaching_what_others_join(body):
    refused(lambda: body.detach("vein"), "bed ends in 'vein'")


def test_setting_an_unknown_row(body):
    refused(lambda: body.with_values({"artery.CC": 1 * mL / mmHg}), "artery has no row 'CC'", "did you mean C?")
    refused(lambda: body.with_values({"artry.C": 1 * mL / mmHg}), "'artry.C' names no part", "did you mean artery.C?")


def test_wiring_what_does_not_read(body):
    refused(lambda: body.with_wires({"artery.C": "vein.pressure"}), "artery.C is a param row and reads nothing")


def test_a_substance_nobody_carries():
    @reaction
    def burns(c=content(mmol / L, "c"), k=param(1.0, L / s, "rate", "assumed: a test")):
        return gives(rate=-k * c)

    refused(lambda: Body(a=vessel(), b=burns("a", substance="O2")), "b concerns 'O2'", "body.carrying")
    refused(lambda: burns("a"), "name it with substance=")


# what only the engine can see -----------------------------------------------------------------------------------


@signal
def echo(x=reads(one, "x"), gain=param(0.5, one, "gain", "assumed: a test")):
    return gives(y=(gain * x + 1, one, "y"))


@signal
def rings(x=reads(one, "x")):
    return gives(bell=alarm(x > 1, "high", "loud"))


def test_an_algebraic_loop():
    loop = Body(a=echo(x="b.y"), b=echo(x="c.y"), c=echo(x="a.y"))
    refused(lambda: Engine(loop), "algebraic loop", "a → b → c → a", "solve")


def test_sampled_parts_may_stand_in_a_circle():
    Engine(Body(a=echo(x="b.y", period=10 * ms), b=echo(x="a.y")), method="RK4")


def test_a_period_that_the_step_does_not_divide(body):
    refused(lambda: Engine(body, step=3 * ms), "watch is sampled every 10 ms", "no multiple of the step of 3 ms")
    refused(lambda: Engine(body, step=20 * ms), "watch is sampled every 10 ms")


def test_an_alarm_outside_a_sampled_part():
    told = Body(a=echo(x="r.bell", period=10 * ms), r=rings(x="a.y"))
    refused(lambda: Engine(told), "r.bell is an alarm", "give rings a period")


def test_unknown_signals_and_settings(body):
    refused(lambda: Engine(body, observe=["artery.presure"]), "artery gives no 'presure'", "did you mean pressure?")
    refused(
        lambda: Engine(body, observe=["artry.pressure"]), "no signal 'artry.pressure'", "did you mean artery.pressure?"
    )
    refused(lambda: Engine(body, lanes=3), "lanes = 3", "1, 2, 4, 8, 16")
    refused(lambda: Engine(body, precision="double"), "precision = 'double'", "'float64' or 'float32'")
    refused(lambda: Engine(body, target="tpu"), "target = 'tpu'")
    refused(lambda: Engine(body, method="Euler"), "method = 'Euler'")


def test_math_functions_are_named_as_the_cause():
    import math

    @signal
    def careless(x=reads(one, "x")):
        return gives(y=(math.exp(x), one, "y"))

    refused(
        lambda: Engine(Body(a=echo(x="b.y", period=10 * ms), b=careless(x="a.y"))),
        "b: math functions cannot take a traced value",
        "proband.model",
    )


def test_a_run_refuses_what_is_no_command(body):
    run = Engine(body, method="RK4").start(3)
    refused(lambda: run.command("artery.C", 2 * mL / mmHg), "artery.C is a param row", "only command rows")
    refused(lambda: run.command("watch.limt", 70 * mmHg), "'watch.limt' is no row", "did you mean watch.limit?")
    refused(lambda: run.command("watch.limit", 300 * mmHg), "watch.limit = 300 mmHg", "20 to 120")
    refused(lambda: run.command("watch.limit", [50, 60, 300]), "watch.limit = 300 mmHg")
    refused(lambda: run.command("watch.limit", [50, 60]), "one number or 3")
    refused(lambda: run.command("watch.limit", [50, 60, float("nan")]), "watch.limit", "not a number")
    refused(lambda: run.now("vein.presure"), "not observed", "did you mean vein.pressure?")
    refused(lambda: Engine(body, method="RK4").start(0), "at least one")
    refused(lambda: Engine(body, method="RK4").start(3, numbers=[1, 2]), "2 numbers were given for 3 patients")


def test_a_path_from_gas_to_what_is_none_is_refused():
    @compartment
    def bag(volume=state(1.0, L, "gas")):
        return gives(pressure=volume / (1 * L / mmHg), molar_volume=(25.0 * mL / mmol, mL / mmol, "of a millimole"))

    refused(lambda: Body(lung=bag(), vein=vessel(), line=tube("lung", "vein")), "line leads from gas", "vein does not")
    Body(lung=bag(), other=bag(), line=tube("lung", "other"))


def test_an_output_cannot_be_called_like_what_is_read():
    @signal
    def nerve(vagal=reads(one, "tone that comes")):
        return gives(vagal=vagal)

    refused(lambda: nerve.outputs, "signal nerve", "'vagal'", "reads row of its own")


# what a component gives is looked at when it is put into a body ---------------------------------------------------


@path
def wrong_unit(p_in=end(mmHg, "in"), p_out=end(mmHg, "out"), R=param(1.0, mmHg, "resistance", "assumed: a test")):
    return gives(flow=(p_in - p_out) / R)


@path
def bare_number(p_in=end(mmHg, "in"), p_out=end(mmHg, "out"), R=param(1.0, mmHg * s / mL, "R", "assumed: a test")):
    return gives(flow=(p_in - p_out + 3) / R)


@path
def misspelt(p_in=end(mmHg, "in"), p_out=end(mmHg, "out"), R=param(1.0, mmHg * s / mL, "R", "assumed: a test")):
    return gives(flow=(p_in - p_ot) / R)  # pyright: ignore[reportUndefinedVariable]


@path
def silent(p_in=end(mmHg, "in"), p_out=end(mmHg, "out")):
    pass


@path
def without_flow(p_in=end(mmHg, "in"), p_out=end(mmHg, "out")):
    return gives(pressure=p_in)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (wrong_unit, "wrong_unit: flow comes out as a plain number, which is not in L/min"),
        (bare_number, "cannot add"),
        (misspelt, "there is no name 'p_ot' here (did you mean p_out?)"),
        (silent, "silent gives nothing; end it with `return gives(…)`"),
        (without_flow, "without_flow is a path and must give its flow"),
    ],
)
def test_equations_that_cannot_be(kind, said):
    refused(lambda: Body(a=vessel(), b=vessel(), wrong=kind("a", "b")), said)


def test_a_run_advances_by_a_duration():
    run = Engine(Body(a=vessel(), b=vessel(), t=tube("a", "b"))).start()
    refused(lambda: run.advance(5), "by a duration, not by 5", "advance(10 * s)")  # pyright: ignore
