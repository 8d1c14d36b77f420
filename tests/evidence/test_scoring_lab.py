"""The laboratory of the scoreboard: persons side by side do not disturb each other, and benches run beside them."""

import math
import threading
import time

import pytest

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bench import Bench, Elsewhere, by_wing
from proband.evidence.scoring.bodies import RIG, heartmate3_rig
from proband.evidence.scoring.crews import _dealt, crews
from proband.evidence.scoring.how_far import BENCH
from proband.evidence.scoring.study import studies
from proband.evidence.scoring.working import Work
from proband.model import ModelError
from proband.units import L_min, mmHg, s


def test_a_command_to_one_leaves_the_other_at_his_own_setting():
    def rotor_speed(disturbed: bool) -> float:
        lab = Lab()
        quiet = lab.rig(heartmate3_rig, {"pump.speed": 5000}, watch=RIG).wait(4 * s).measure(2 * s)
        other = lab.rig(heartmate3_rig, {"pump.speed": 6000}, watch=RIG).wait(1 * s)
        if disturbed:
            other.set("pump.speed", 7000)
        other.wait(3 * s).measure(2 * s)
        lab.run(threads=1)
        return quiet("pump.rotor_speed")

    assert rotor_speed(disturbed=True) == rotor_speed(disturbed=False)


def pumps(lab: Lab, *rigs):
    """Each pump at some speeds, none of which is one that its unit writes exactly, in scripts of several lengths."""
    windows = {}
    for rig in rigs:
        for i in range(3):
            person = lab.rig(rig, {"pump.speed": 4700 + 100 * i / 3}, watch=RIG).wait((1 + i) * s)
            windows[rig, i] = person.measure(0.7 * s), person.set("pump.speed", 5000 + 10 * i / 3).measure(1.1 * s)
    return windows


def test_rigs_of_one_structure_share_lanes_and_keep_their_own_bits():
    def narrow():
        return heartmate3_rig().with_values(
            {"throttle.wanted": 13 / 3 * L_min, "throttle.K_i": 370 / 3 * mmHg / (L_min * s)}
        )

    rigs, together = (heartmate3_rig, narrow), Lab()
    seen = pumps(together, *rigs)
    assert len({id(crew.engine) for crew in crews(together._groups.values())}) == 1
    together.run(threads=2)
    for rig in rigs:
        alone = Lab()
        mine = pumps(alone, rig)
        alone.run(threads=1)
        assert {key: seen[key] for key in mine} == mine


def test_who_does_the_same_is_simulated_once():
    lab = Lab()
    same = []
    for _ in range(3):
        lab.begin()
        same.append(lab.rig(heartmate3_rig, {"pump.speed": 5000}, watch=RIG).wait(1 * s).measure(1 * s))
    other = lab.rig(heartmate3_rig, {"pump.speed": 5100}, watch=RIG).wait(1 * s).measure(1 * s)
    (crew,) = crews(lab._groups.values())
    assert len(crew.places) == 2
    lab.run()
    assert same[0].told == same[1].told == same[2].told
    assert same[0]("pump.flow") < other("pump.flow")


def test_a_long_script_does_not_keep_eight_lanes_busy():
    assert _dealt([100.0] * 16, 8) == [8, 8]
    assert _dealt([2400.0, 900.0, 500.0, 400.0, *[100.0] * 8], 8) == [4, 8]
    assert _dealt([2400.0, 100.0, 100.0], 4) == [4]
    assert _dealt([], 8) == []


def test_a_window_without_time_shows_nothing():
    lab = Lab()
    window = lab.rig(heartmate3_rig, {"pump.speed": 5000}, watch=RIG).wait(0.1 * s).measure(0 * s)
    lab.run()
    assert math.isnan(window("pump.flow"))


def benches_of(*names):
    lab = Lab()
    for study in studies():
        if study.name in names:
            lab.begin(study.name)
            study.experiment(lab)
    return lab.benches


def test_crests_and_troughs_are_those_of_pulses_and_not_of_a_slow_wave():
    lab = Lab()
    person = lab.person("healthy_man", settle=5 * s)
    seen = person.measure_pulses(6 * s)
    assert [(w.begin, w.end) for w in seen.windows] == [(5.0, 6.5), (6.5, 8.0), (8.0, 9.5), (9.5, 11.0)]
    for window, (least, mean, most) in zip(
        seen.windows, ((60, 80, 120), (70, 90, 130), (80, 100, 140), (70, 90, 130)), strict=True
    ):
        window.told["aorta.pressure"] = mean, least, most
    assert (seen.least("aorta.pressure"), seen("aorta.pressure"), seen.most("aorta.pressure")) == (70, 90, 130)


def test_benches_in_a_process_of_their_own_give_what_they_give_here():
    benches = benches_of("thille_2009", "savary_2020")
    assert [(b.study, b.number) for b in benches] == [("savary_2020", 0), ("savary_2020", 1), ("thille_2009", 0)]
    with Elsewhere(benches) as elsewhere:
        elsewhere.collect()
    there = [bench() for bench in benches]
    for bench in benches:
        bench.do()
    assert there == [bench() for bench in benches]


def test_each_wing_has_a_process():
    benches = benches_of("thille_2009", "chow_2012", "savary_2020", "hirota_1980")
    assert [{b.study for b in of} for of in by_wing(benches)] == [
        {"chow_2012"},
        {"hirota_1980"},
        {"savary_2020", "thille_2009"},
    ]
    assert by_wing([]) == []


def test_a_bench_that_fails_elsewhere_says_so_in_one_sentence(capfd):
    lost = Bench(lambda: None, "thille_2009", 7)
    with Elsewhere([lost]) as elsewhere, pytest.raises(ModelError, match=r"thille_2009.*IndexError"):
        elsewhere.collect()
    assert capfd.readouterr() == ("", "")


def test_a_process_that_dies_is_noticed():
    with Elsewhere(benches_of("chow_2012")) as elsewhere:
        elsewhere._process.kill()
        with pytest.raises(ModelError, match="came to an end"):
            elsewhere.collect()


def test_the_longest_work_begins_first_and_a_failure_stops_the_rest():
    begun, filled = [], threading.Event()

    def piece(name):
        filled.wait()
        begun.append(name)
        if name == "fails":
            raise ModelError("no such thing")

    with pytest.raises(ModelError, match="no such thing"), Work(1) as work:
        for cost, name in ((1.0, "first in"), (2.0, "short"), (9.0, "long"), (3.0, "fails")):
            work.add(cost, lambda name=name: piece(name))
        filled.set()
        work.finish()
    assert work.stopped()
    assert begun == ["first in", "long", "fails"] or begun == ["long", "fails"]


def test_a_crew_that_nobody_waits_for_stops_soon():
    lab = Lab()
    lab.rig(heartmate3_rig, {"pump.speed": 5000}, watch=RIG).wait(36000 * s).measure(1 * s)
    (crew,) = crews(lab._groups.values())
    begin = time.monotonic()
    crew.simulate(stopped=lambda: True)
    assert time.monotonic() - begin < 10  # ten hours of a pump would take longer


def test_it_tells_how_far_it_is_from_nothing_to_all_in_the_thread_of_who_asked():
    lab, told = Lab(), []
    for speed in (5000, 5000, 6000):
        lab.rig(heartmate3_rig, {"pump.speed": speed}, watch=RIG).wait(speed / 500 * s).measure(1 * s)
    lab.bench(lambda: None)
    lab.run(threads=2, tell=lambda now: told.append((now.done, now.total, threading.get_ident())))
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[0][0] < told[-1][0] == pytest.approx(11 + 11 + 13 + BENCH)
    assert {(total, thread) for _, total, thread in told} == {(told[-1][0], threading.get_ident())}


def test_an_interruption_while_it_tells_ends_the_work():
    lab = Lab()
    lab.rig(heartmate3_rig, {"pump.speed": 5000}, watch=RIG).wait(36000 * s).measure(1 * s)

    def impatient(_):
        raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lab.run(tell=impatient)
    assert time.monotonic() - begin < 10
