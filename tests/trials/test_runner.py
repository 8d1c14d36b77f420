"""What a run does: steps, windows, bleeding, conditions, cohorts, failures, attaching and detaching on the way."""

import numpy as np
import pytest

from proband.trials import Refused, loads, prepare, run

TAIL = "measures: [lvad.flow.mean, artery.pressure.mean, lvad.speed.last, vein.volume.last, artery.volume.last]\n"
PUMP = "attach:\n  lvad: {device: small_pump, from: vein, to: artery}\n"


def ran(text, library, **options):
    return run(loads(text, "t.yaml"), library=library, **options)


def trial(protocol, patient="plain", extra="", tail=TAIL, attach=PUMP):
    return f"patient: {patient}\n{attach}settle: 2 s\n{extra}protocol:\n{protocol}{tail}"


def test_every_step_is_measured_once_in_its_own_window(library, text):
    result = ran(text, library)
    assert result.values.shape == (1, 6, 4)
    assert np.isfinite(result.values).all()
    assert result.status == "complete" and result.finished == 6
    assert result.of("lvad.speed.mean")[0].round(9).tolist() == [3000, 3200, 3400, 3600, 3600, 3600]
    assert result.times[:, 1].tolist() == [11, 17, 23, 29, 41, 45]
    assert np.all(np.diff(result.of("lvad.flow.mean")[0, :4]) > 0)


def test_a_bleed_takes_what_it_says(library):
    text = trial(
        "  - {hold: 5 s}\n  - {bleed: {from: vein, volume: 100 mL, over: 5 s}, hold: 8 s}\n"
        "  - {bleed: {from: artery, percent: 10, over: 5 s}, hold: 8 s}\n  - {infuse: {into: vein, volume: 240 mL, over: 5 s}, hold: 8 s}\n"
    )
    result = ran(text, library)
    total = result.of("vein.volume.last")[0] + result.of("artery.volume.last")[0]
    assert total == pytest.approx([1200, 1100, 990, 1230], abs=1e-6)


def test_a_bleed_ends_where_the_condition_holds_for_each_patient_alone(library):
    protocol = "  - {bleed: {from: vein, volume: 400 mL, over: 20 s}, hold: 24 s, until: {when: vein.volume.last < 900 mL, every: 1 s}}\n"
    both = ran(trial(protocol, "[plain, stiff]"), library)
    assert np.isfinite(both.met).all()
    assert both.met[0, 0] != both.met[1, 0]
    for i, name in enumerate(("plain", "stiff")):
        alone = ran(trial(protocol, name), library)
        assert np.array_equal(alone.values[0], both.values[i]), name
    assert [e.event for e in both.events if e.part == "protocol"] == ["step 1: vein.volume.last < 900 mL"] * 2


def test_who_meets_the_condition_leaves_the_ramp(library):
    ramp = "  - {name: up, ramp: {lvad.speed: {from: 3000 rpm, to: 3800 rpm, by: 200 rpm}}, hold: 4 s, until: {when: lvad.flow.mean > 5 L/min, every: 1 s}}\n"
    result = ran(trial(ramp + "  - {name: after, hold: 4 s}\n"), library)
    flows = result.of("lvad.flow.mean")[0]
    at = int(np.nonzero(np.isfinite(result.met[0]))[0][0])
    assert 0 < at < 4 and flows[at] > 5
    assert np.isnan(flows[at + 1 : 5]).all()
    assert result.of("lvad.speed.last")[0, 5] == pytest.approx(3000 + 200 * at)  # it kept the speed at which it stopped


def test_the_measures_of_an_until_step_that_nobody_meets_are_those_of_its_window(library):
    plain = ran(trial("  - {set: {lvad.speed: 3400 rpm}, hold: 6 s, window: 2 s}\n"), library)
    watched = ran(
        trial(
            "  - {set: {lvad.speed: 3400 rpm}, hold: 6 s, window: 2 s, until: {when: lvad.flow.mean > 90 L/min, every: 1 s}}\n"
        ),
        library,
    )
    assert watched.values == pytest.approx(plain.values, rel=1e-12)


def test_values_may_differ_from_patient_to_patient(library):
    text = trial(
        "  - {set: {lvad.speed: [3000 rpm, 3300 rpm]}, hold: 4 s}\n",
        "[plain, plain]",
        "values: {artery.C: [1 mL/mmHg, 2 mL/mmHg]}\n",
    )
    result = ran(text, library)
    assert result.of("lvad.speed.last")[:, 0] == pytest.approx([3000, 3300])
    assert len(result.plan.groups) == 1


COHORT = "{of: plain, n: %d, spread: {artery.C: {sd: 20 %%, low: 0.5 mL/mmHg, high: 3 mL/mmHg}, arteriole.R: {distribution: lognormal, sd: 30 %%}}}"


def test_a_patient_of_a_cohort_is_the_same_in_a_larger_one_and_bit_for_bit(library):
    protocol = "  - {bleed: {from: vein, percent: 10, over: 3 s}, hold: 4 s}\n"
    few, many = (ran(trial(protocol, COHORT % n), library) for n in (3, 21))
    assert np.array_equal(few.values, many.values[:3])
    assert len(np.unique(many.of("artery.pressure.mean"))) == 21
    drawn = many.plan.groups[0].start["artery.C"]
    assert drawn.min() >= 0.5 and drawn.max() <= 3
    assert np.median(drawn) == pytest.approx(1.5, rel=0.2)


def test_another_seed_gives_other_patients(library):
    one, other = (ran(trial("  - {hold: 2 s}\n", COHORT % 4, f"seed: {k}\n"), library) for k in (0, 1))
    assert not np.array_equal(one.values, other.values)


def test_a_failing_patient_is_named_and_the_others_go_on(library):
    text = trial("  - {hold: 4 s}\n  - {hold: 4 s}\n", "[brittle, brittle]", "values: {leak.rate: [0 1/s, 9 1/s]}\n")
    result = ran(text, library)
    assert result.status == "complete"
    (failure,) = result.failures
    assert failure.patient == 2 and failure.part and "patient 2 failed at" in str(failure)
    assert np.isfinite(result.values[0]).all()
    assert np.isnan(result.values[1, -1]).all()


def test_a_trial_in_which_everyone_fails_ends_there_and_keeps_what_was(library):
    text = trial("  - {hold: 1 s}\n  - {hold: 4 s}\n  - {hold: 4 s}\n", "brittle", "values: {leak.rate: 3 1/s}\n")
    result = ran(text, library)
    assert result.status == "failed"
    assert np.isfinite(result.values[0, 0]).all()
    assert np.isnan(result.values[0, 2]).all()


def test_bodies_of_different_structure_run_side_by_side(library):
    result = ran(trial("  - {hold: 4 s}\n", "[plain, brittle, stiff]"), library)
    assert len(result.plan.groups) == 2
    assert np.isfinite(result.values).all()
    assert result.of("artery.pressure.mean")[0] == pytest.approx(result.of("artery.pressure.mean")[1], rel=1e-3)


def test_a_device_attached_on_the_way_and_taken_off_again(library):
    text = trial(
        "  - {hold: 4 s}\n  - {attach: {lvad: {device: small_pump, from: vein, to: artery}}, hold: 6 s}\n"
        "  - {set: {lvad.speed: 3500 rpm}, hold: 4 s}\n  - {detach: lvad, hold: 20 s, window: 1 s}\n",
        attach="",
    )
    result = ran(text, library)
    flow, pressure = result.of("lvad.flow.mean")[0], result.of("artery.pressure.mean")[0]
    assert np.isnan(flow[[0, 3]]).all() and flow[2] > flow[1] > 1
    assert pressure[1] > pressure[0] and pressure[3] < pressure[2]
    total = result.of("vein.volume.last")[0] + result.of("artery.volume.last")[0]
    assert total == pytest.approx([1200] * 4, rel=1e-12)
    assert result.times[-1, 1] == pytest.approx(36)


def test_alarms_are_events_with_part_and_priority(library, text):
    events = [e for e in ran(text, library).events if e.priority == "high" and e.time_s > 1]
    assert [(e.part, e.event) for e in events] == [("lvad.box", "low_flow")]
    assert events[0].time_s > 41


def test_traces_are_of_the_last_part_of_each_step(library, text):
    result = ran(text, library)
    assert [t.step for t in result.traces] == [1, 2, 3, 4, 5, 6]
    first = result.traces[0]
    assert first.time_s[0] == pytest.approx(10.0, abs=0.011) and first.time_s[-1] <= 11.0
    assert first.signals["artery.pressure"].shape == (1, len(first.time_s))
    assert {"artery.volume", "lvad.head"} <= set(first.signals)  # what the report draws


def test_verdicts_have_the_number_beside_the_bound(library, text):
    criteria = 'criteria:\n  - {measure: artery.pressure.mean, step: baseline, at_least: 5 mmHg, why: "a test"}\n'
    hard = criteria + '  - {measure: lvad.flow.mean, step: every, at_least: 4 L/min, why: "fails when shut"}\n'
    good, bad = ran(text.replace(criteria, hard), library).verdicts()
    assert good.passed and not bad.passed
    assert bad.worst < 1 and bad.unit == "L/min" and bad.at_least == "4 L/min"


def test_progress_counts_up_to_the_end(library, text):
    seen = []
    ran(text, library, progress=seen.append)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == pytest.approx(seen[-1].total)


MATCH = """
match:
  group: a test
  published:
    - {measure: artery.pressure.mean, value: 90 mmHg, spread: 3 mmHg, source: a test}
    - {measure: lvad.flow.mean, value: 4.0 L/min, spread: 0.2 L/min, source: a test}
  adjust:
    - {row: arteriole.R, low: 0.3 mmHg*s/mL, high: 3 mmHg*s/mL, why: a test}
    - {row: lvad.speed, low: 2000 rpm, high: 5000 rpm, why: a test}
  settle: 10 s
  window: 2 s
"""


def test_a_match_finds_the_rows_that_give_the_published_numbers(library):
    result = ran(trial("  - {hold: 6 s}\n", extra=MATCH.lstrip()), library)
    fitted = result.fitted
    assert fitted.simulated["artery.pressure.mean"] == pytest.approx(90, abs=1)
    assert fitted.simulated["lvad.flow.mean"] == pytest.approx(4.0, abs=0.1)
    assert result.of("artery.pressure.mean")[0, 0] == pytest.approx(fitted.simulated["artery.pressure.mean"], abs=0.5)
    assert set(fitted.values) == {"arteriole.R", "lvad.rotor.speed"}


def test_a_match_is_refused_for_a_cohort(library):
    with pytest.raises(ValueError, match="one patient"):
        ran(trial("  - {hold: 6 s}\n", "[plain, stiff]", extra=MATCH.lstrip()), library)


def test_shares_of_time(library, text):
    wanted = "measures:\n  - artery.pressure.above(20 mmHg)\n  - artery.pressure.below(20 mmHg)\n  - artery.pressure.std\n  - artery.pressure.range\n"
    trial = loads(text.replace("measures:\n", wanted), "t.yaml")
    result = run(trial, library=library)
    above, below = (result.of(f"artery.pressure.{w}(20 mmHg)") for w in ("above", "below"))
    assert result.unit("artery.pressure.above(20 mmHg)") == "%"
    assert np.allclose(above + below, 100.0) and set(np.unique(np.round(above))) <= set(range(101))
    assert (result.of("artery.pressure.range") >= result.of("artery.pressure.std")).all()
    with pytest.raises(Refused, match="which is in mmHg, with 20 mL"):
        run(
            loads(text.replace("measures:\n", "measures:\n  - artery.pressure.above(20 mL)\n"), "t.yaml"),
            library=library,
        )


def test_a_substance_may_be_carried_at_its_own_period(library):
    text = "patient: plain\ncarry: [{name: dye, unit: mg, meaning: a dye, period: 10 ms}]\nprotocol: [{hold: 1 s}]\nmeasures: [vein.dye.last]\n"
    (carried,) = prepare(loads(text, "x.yaml"), library).groups[0].bodies[0].substances
    assert carried.name == "dye" and carried.every == 0.01
    assert run(loads(text, "x.yaml"), library=library).of("vein.dye.last")[0, 0] == 0.0
