"""A cine of a beating heart: what is put together, what blood looks like, what a reader finds."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.model import ModelError
from proband.mr.phantom.chambers import ChamberVolumes
from proband.mr.scans import cine
from proband.mr.scans.chain import scan
from proband.mr.scans.preparing import prepare
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.shading import evened
from proband.mr.scans.subject import Subject, _beat
from proband.mr.sequence import Limits, build
from proband.mr.space import Grid

TIME = np.linspace(0, 0.8, 33)
BEAT = ChamberVolumes(
    TIME, 100 + 40 * np.cos(2 * np.pi * TIME / 0.8), 105 + 40 * np.cos(2 * np.pi * TIME / 0.8), np.full(33, 60.0), np.full(33, 60.0), 0.825
)  # fmt: skip


def ellipsoid(grid, a, b, bright=1.0, dark=0.3):
    """A ventricle's brightness: an ellipsoid of blood from z = 0 (apex) to 2a, in a wall of 8 mm, partial voxels by their share."""
    fine = 4
    small = Grid.centred((grid.shape[0] * fine, grid.shape[1] * fine, grid.shape[2]), (*(v / fine for v in grid.voxel[:2]), grid.voxel[2]))  # fmt: skip
    x, y, z = np.moveaxis(small.points() - small.points().reshape(-1, 3).mean(0), -1, 0)
    z = z + grid.shape[2] * grid.voxel[2] / 2
    inside = (x / b) ** 2 + (y / b) ** 2 + ((z - a) / a) ** 2 < 1
    wall = (x / (b + 8e-3)) ** 2 + (y / (b + 8e-3)) ** 2 + ((z - a) / (a + 8e-3)) ** 2 < 1
    values = np.where(inside, bright, np.where(wall, dark, 0.8))
    n = grid.shape
    return values.reshape(n[0], fine, n[1], fine, n[2]).mean((1, 3))


def test_a_reader_finds_a_known_volume_through_noise_and_bright_fat():
    a, b = 0.045, 0.026
    grid = Grid.centred((64, 64, 12), (3e-3, 3e-3, 8e-3))
    frame = ellipsoid(grid, a, b) + 0.06 * np.random.default_rng(1).standard_normal(grid.shape)
    apex = grid.points().reshape(-1, 3).mean(0) - [0, 0, grid.shape[2] * grid.voxel[2] / 2]
    areas = cine.contours(frame, grid, apex, np.eye(3), 2 * a)
    assert areas.sum() * grid.voxel[2] == pytest.approx(4 / 3 * np.pi * a * b**2, rel=0.05)
    assert areas[-1] == 0 or areas[-1] < 0.3 * areas.max()


def test_beats_whose_triggers_came_alike_share_a_heart_and_late_ones_have_their_own():
    shots = [cine.Shot(0, (0,), 0.030), cine.Shot(0, (1,), 0.036), cine.Shot(0, (2,), 0.155), cine.Shot(1, (3,), 0.08)]
    found = cine.alike(shots)
    assert [len(some) for _, some in found] == [2, 1, 1]
    assert found[0][0] == pytest.approx(0.033) and found[1][0] == pytest.approx(0.155)


def test_every_phase_of_the_pattern_kt_has_its_own_lines_and_as_many():
    made = build("cine", Limits(), matrix=(16, 32), views=4, phases=4, acceleration=2.0, acs=4, pattern="kt", contrast="spoiled", preparation=1)  # fmt: skip
    lines = [
        sorted(r.labels["LIN"] for r in made.timeline.readouts if r.labels.get("PHS", 0) == phase) for phase in range(4)
    ]
    assert {len(some) for some in lines} == {16}
    assert len({tuple(some) for some in lines}) == 4
    assert all({14, 15, 16, 17} <= set(some) for some in lines)
    with pytest.raises(ModelError, match="gating = prospective"):
        build("cine", Limits(), pattern="kt", acceleration=2.0, gating="retrospective")


def test_blood_stays_shorter_where_the_stroke_is_larger():
    def stay(stroke):
        LV = 150 - stroke * (TIME < 0.4)
        beat = ChamberVolumes(TIME, LV, LV, LV, LV, 0.825)
        truth = {"apex": np.zeros(3), "base": np.array([0, 0, 0.1])}
        ready = SimpleNamespace(subject=SimpleNamespace(beat=beat), scene=SimpleNamespace(body=SimpleNamespace(truth=truth)), info={"FOV": (0.3, 0.3, 0.01)})  # fmt: skip
        return cine.residence(ready)

    assert stay(20.0) > 2.5 * stay(60.0)
    assert stay(60.0) == pytest.approx(0.825 * 120 * 0.1 / 60, rel=0.03)


@pytest.fixture
def subject(monkeypatch):
    monkeypatch.setattr("proband.mr.scans.subject._beat", lambda patient: BEAT)
    assert _beat is not None
    return Subject("beating_heart", circulation="made_up", coarse=12e-3)


def protocol(**more):
    options = {"fov": (0.36, 0.36), "matrix": (80, 80), "thickness": 14e-3, "views": 16, "phases": 3, "preparation": 1, "TR": 7e-3, "spoil": 1.0, "contrast": "spoiled", "RR": 0.825}  # fmt: skip
    options |= more.pop("options", {})
    return Protocol("film", "scanner_3t", "cine", "", options, array="body", plane="short_axis", mode="first level", anatomy=(1, 1, 1), points=(1, 1, 15), margin=0.2, adjust=("heart",), **more)  # fmt: skip


def test_a_cine_shows_bright_blood_that_shrinks(subject, monkeypatch):
    monkeypatch.setattr(cine, "slices_of", lambda ready: [0.0])
    kept = {}
    keeper = SimpleNamespace(recall=kept.get, remember=kept.__setitem__)
    done = scan(subject, protocol(), keeper=keeper, threads=2)
    data, ready = np.abs(evened(done.image, done.ready).data), done.ready
    assert data.shape == (80, 80, 1, 3)
    times = [s.moment for s in cine.shots_of(ready)[:3]]
    areas = []
    for phase, when in enumerate(times):
        now = subject.on(Grid((1, 1, 1), done.image.grid.affine), 3.0, when)
        turn, apex, base = (np.asarray(now.truth[k], float) for k in ("axes", "apex", "base"))
        (area,) = cine.contours(data[..., phase], done.image.grid, apex, turn, float((base - apex) @ turn[:, 2]))
        areas.append(area)
    volumes = BEAT.at(np.array(times))["LV"]
    assert areas[0] > areas[2] > 0
    # The length falls with V^0.2, so an area through the middle falls as V^0.8 or so; pixels are 4.5 mm, and what is shown of a phase
    # comes from a tenth of a second, so that the smallest looks larger.
    assert areas[2] / areas[0] == pytest.approx((volumes[2] / volumes[0]) ** 0.8, rel=0.14)
    again = scan(subject, protocol(), keeper=keeper, threads=2)
    assert again.taken_over == 1 and np.array_equal(again.raw.signal, done.raw.signal)


def test_a_cine_that_was_stopped_goes_on_to_the_last_bit(subject, monkeypatch):
    """Ctrl-C when one of two slices is kept: it is taken over, the other is played, and k-space is that of a whole run."""
    monkeypatch.setattr(cine, "slices_of", lambda ready: [-0.01, 0.01])
    small = protocol(options={"matrix": (24, 24), "views": 12, "phases": 2})
    whole = scan(subject, small, threads=2)
    kept = {}

    def remember(name, arrays):
        kept[name] = arrays
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(subject, small, keeper=SimpleNamespace(recall=kept.get, remember=remember), threads=2)
    assert len(kept) == 1
    again = scan(subject, small, keeper=SimpleNamespace(recall=kept.get, remember=kept.__setitem__), threads=2)
    assert again.taken_over == 1
    assert np.array_equal(again.raw.signal, whole.raw.signal)


def test_a_cine_out_of_the_short_axis_is_refused(subject):
    from dataclasses import replace

    with pytest.raises(ModelError, match="plane: short_axis"):
        scan(subject, replace(protocol(), plane="sequence"))
    with pytest.raises(ModelError, match="gating: prospective"):
        scan(subject, protocol(options={"gating": "retrospective"}))


def test_eddies_undo_what_a_spoiler_winds_up_before_it_comes_back():
    """n repetitions later neighbours are n² c u TR / 2 turns apart: with one turn in 12 mm, 5 cm/s and 3.6 ms half a turn after 8."""
    tissues = ("air", "left_ventricle", "myocardium")
    patient = SimpleNamespace(labels=np.array([[[0, 1, 2]]]), tissues=tissues)
    spins = SimpleNamespace(T2=np.array([0.118, 0.037]), voxel=np.array([1, 2]))
    info = {"contrast": "spoiled", "TR": 3.6e-3, "spoiler": (0.0, 0.0, 1 / 12e-3)}
    T2 = cine.stirred(SimpleNamespace(info=info), patient, spins)
    n = 3.6e-3 / (1 / (1 / T2[0] - 1 / 0.118))
    assert (1 / n) ** 2 / 12e-3 * cine.EDDIES * 3.6e-3 / 2 == pytest.approx(0.5)
    assert T2[1] == 0.037
    balanced = SimpleNamespace(info=info | {"contrast": "balanced"})
    assert np.array_equal(cine.stirred(balanced, patient, spins), spins.T2)


def test_the_static_field_is_shimmed_to_what_is_named(subject):
    named, whole = (prepare(subject, replace(protocol(), adjust=names)) for names in (("heart",), ()))
    body = named.scene.body
    heart = np.isin(body.labels, [body.tissues.index(t) for t in ("myocardium", "left_ventricle", "right_ventricle")])
    here, there = (ready.scene.fields.off_resonance[heart].std() for ready in (named, whole))
    assert here < 0.8 * there
