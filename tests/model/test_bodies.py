"""Bodies do not change; attaching, detaching and other values give new ones."""

import pickle

import pytest
from model_parts import watch

from proband.engine import Engine
from proband.model import *
from proband.model.body import describe
from proband.units import *
from small_parts import tube, vessel


@path
def falling(
    p_in=end(mmHg, "up"), p_out=end(mmHg, "down"), R=param(1.0, mmHg * s / mL, "resistance", "assumed: a test")
):
    return gives(flow=(p_in - p_out) / R, fall=(p_in - p_out, mmHg, "pressure that is lost"))


def assembly(place: str, other: str):
    return Assembly(
        parts={
            "rotor": falling(place, ".tank"),
            "tank": vessel(),
            "line": tube(".tank", other),
            "brain": watch(pressure=".rotor.fall"),
        },
        tells={"flow": ".rotor.flow", "limit": ".brain.limit"},
    )


def test_nothing_changes(body):
    with pytest.raises(AttributeError, match="a body does not change"):
        body.artery = vessel()
    with pytest.raises(TypeError):
        body.parts["new"] = vessel()
    with pytest.raises(TypeError):
        body.parts["artery"].values["volume"] = 1.0
    with pytest.raises(AttributeError):
        body.parts["artery"].ends = ("a",)
    with pytest.raises(TypeError):
        vessel.rows["volume"] = None


def test_attach_and_detach_leave_the_old_body_alone(body):
    more = body.attach(shunt=tube(body.artery, body.vein))
    assert "shunt" in more.parts and "shunt" not in body.parts
    assert more.detach("shunt").parts.keys() == body.parts.keys()


def test_unknown_places_are_refused_with_a_suggestion(body):
    with pytest.raises(AttributeError, match=r"no part 'artry' \(did you mean artery\?\)"):
        body.artry


def test_an_assembly_has_dotted_names_and_short_ones(body):
    more = body.attach(lvad=assembly("artery", "vein"))
    assert {"lvad.rotor", "lvad.tank", "lvad.line", "lvad.brain"} <= more.parts.keys()
    assert more.parts["lvad.rotor"].ends == ("artery", "lvad.tank")
    assert more.parts["lvad.brain"].wires["pressure"] == "lvad.rotor.fall"
    assert "lvad.limit" in more.commands() and "lvad.brain.limit" in more.commands()
    assert more.value("lvad.limit").to(mmHg) == pytest.approx(60)
    assert str(more.lvad.rotor.flow) == "lvad.rotor.flow"
    run = Engine(more, observe=["lvad.flow", "lvad.rotor.flow", "lvad.limit"], method="RK4").start()
    run.advance(0.1 * s)
    assert run.now("lvad.flow") == run.now("lvad.rotor.flow") != 0
    run.command("lvad.limit", 70 * mmHg)
    assert run.value("lvad.brain.limit") == pytest.approx(70)


def test_an_assembly_is_detached_whole(body):
    more = body.attach(lvad=assembly("artery", "vein")).detach("lvad")
    assert more.parts.keys() == body.parts.keys()
    assert not more.aliases


def test_two_of_a_kind_keep_apart(body):
    twice = body.attach(left=assembly("artery", "vein"), right=assembly("vein", "artery"))
    other = twice.with_values({"right.rotor.R": 5 * mmHg * s / mL})
    assert other.value("left.rotor.R").to(mmHg * s / mL) == pytest.approx(1)
    assert other.value("right.rotor.R").to(mmHg * s / mL) == pytest.approx(5)


def test_a_name_that_begins_like_another_is_another(body):
    """`lv` attached beside `lvad`: detaching one leaves the other."""
    more = body.attach(lvad=tube("artery", "vein"), lv=tube("artery", "vein"))
    assert "lvad" in more.detach("lv").parts


def test_values_and_wires_give_new_bodies(body):
    other = body.with_values({"artery.C": 2 * mL / mmHg})
    assert other.value("artery.C").to(mL / mmHg) == pytest.approx(2)
    assert body.value("artery.C").to(mL / mmHg) == pytest.approx(1)
    again = body.with_wires({"watch.pressure": body.vein.pressure})
    assert again.parts["watch"].wires["pressure"] == "vein.pressure"
    assert body.parts["watch"].wires["pressure"] == "artery.pressure"


def test_a_row_that_reads_may_be_a_plain_value(body):
    run = Engine(body.with_values({"bed.tone": 2.0}), observe=["bed.flow"], method="RK4").start()
    plain = Engine(body, observe=["bed.flow"], method="RK4").start()
    assert run.now("bed.flow") == pytest.approx(plain.now("bed.flow") / 2)


def test_a_component_shows_its_table_and_its_sources(body):
    assert [r.name for r in vessel.table()] == ["volume", "C", "V_0"]
    assert vessel.citations() == [("C", "assumed: a test"), ("V_0", "assumed: a test")]
    assert ("artery.C", "1 mL/mmHg", "assumed: a test") in describe(body)


def test_equations_run_on_plain_numbers_and_on_quantities():
    assert vessel.evaluate(volume=80)["pressure"] == pytest.approx(30)
    assert vessel.evaluate(volume=0.08 * L)["pressure"].to(mmHg) == pytest.approx(30)
    assert watch.evaluate(pressure=50, count=3)["next_count"] == 4
    with pytest.raises(ModelError, match="did you mean volume"):
        vessel.evaluate(volum=80)
    with pytest.raises(ModelError, match="watch needs pressure"):
        watch.evaluate()


def test_components_survive_a_pickle():
    assert pickle.loads(pickle.dumps(falling)) is falling


def test_rows_and_outputs_tell_their_units(body):
    assert body.row("watch.limit")[1].unit == mmHg
    assert watch.outputs["half"].meaning == "half of them"
    assert set(watch.outputs) == {"half", "limit", "count"}


def test_a_value_of_its_own_has_a_source_of_its_own(body):
    table = body.parts["artery"].component.rows["C"].source
    assert body.parts["artery"].source("C") == table
    other = body.with_values({"artery.C": 2 * mL / mmHg})
    assert other.parts["artery"].source("C") == ""  # the table does not speak for another number
    said = other.with_sources(lambda row: f"measured: {row}")
    assert said.parts["artery"].source("C") == "measured: artery.C"
    assert ("artery.C", "2 mL/mmHg", "measured: artery.C") in describe(said)
    why = body.with_values({"artery.C": 3 * mL / mmHg}, why={"artery.C": "Author 2004"})
    assert why.with_sources(lambda row: "another").parts["artery"].source("C") == "Author 2004"
    assert why.attach(spare=vessel()).parts["artery"].source("C") == "Author 2004"
    assert why.with_values({"artery.C": 4 * mL / mmHg}).parts["artery"].source("C") == ""
