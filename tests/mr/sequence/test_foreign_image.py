"""What image a Pulseq file of others makes: written by pypulseq as their examples do, without a word of matrix, field of view or slices."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pypulseq")

import pypulseq

from proband.model import ModelError
from proband.mr.scans.preparing import _own, _playing, _straight, rotation
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.turning import Plane, turned
from proband.mr.sequence import Limits, build, read
from proband.mr.sequence.foreign_image import image_of
from proband.mr.sequence.slant import slant

LIMITS = Limits()
SLICES = (-6e-3, 6e-3, 0.0)


def gradient_echo(file, fov=0.2, n=16, slices=(0.0,), said=(), first=0, spokes=False, turn=0.0):
    """A gradient echo as others write it: interleaved slices, no labels."""
    system = pypulseq.Opts(max_grad=30, grad_unit="mT/m", max_slew=100, slew_unit="T/m/s", adc_dead_time=10e-6)
    made = pypulseq.Sequence(system)
    rf, gz, _ = pypulseq.make_sinc_pulse(0.3, duration=2e-3, slice_thickness=4e-3, return_gz=True, system=system, use="excitation")  # type: ignore[misc]  # fmt: skip
    read = pypulseq.make_trapezoid("x", flat_area=n / fov, flat_time=3.2e-3, system=system)
    adc = pypulseq.make_adc(n, duration=read.flat_time, delay=read.rise_time, system=system)
    back = pypulseq.make_trapezoid("x", area=-read.area / 2 - 0.5 / fov, duration=1e-3, system=system)
    for place in slices:
        rf.freq_offset = gz.amplitude * place
        for line in range(first, n):
            made.add_block(*(pypulseq.rotate(rf, gz, angle=turn, axis="x") if turn else (rf, gz)))
            if spokes:
                made.add_block(*pypulseq.rotate(back, angle=np.pi * line / n, axis="z"))
                made.add_block(*pypulseq.rotate(read, adc, angle=np.pi * line / n, axis="z"))
                continue
            wound = back, pypulseq.make_trapezoid("y", area=(line - n // 2) / fov, duration=1e-3, system=system)
            made.add_block(*(pypulseq.rotate(*wound, angle=turn, axis="x") if turn else wound))
            made.add_block(read, adc)
    for key, value in said:
        made.set_definition(key, value)
    made.write(str(file))
    return file


def test_lines_tell_matrix_and_field_of_view_and_pulses_the_slice(tmp_path):
    found = image_of(read(gradient_echo(tmp_path / "a.seq"), LIMITS))
    assert found.axes == (0, 1, 2) and found.matrix == (16, 16, 1) and found.slices is None
    assert found.fov[:2] == pytest.approx((0.2, 0.2), rel=1e-3)
    assert found.fov[2] == pytest.approx(4e-3, rel=0.15)  # half height of a windowed sinc's spectrum


def test_the_first_lines_may_be_left_out(tmp_path):
    assert image_of(read(gradient_echo(tmp_path / "a.seq", first=5), LIMITS)).matrix == (16, 16, 1)


def test_interleaved_slices_are_told_apart_by_their_pulses(tmp_path):
    file = gradient_echo(tmp_path / "a.seq", slices=[p + 0.02 for p in SLICES])
    sequence = _own(Protocol("a", "scanner_3t", file=str(file)), LIMITS)
    assert sequence.grid is not None and sequence.grid.shape == (16, 16, 3)
    middles = sequence.grid.points()[0, 0, :, 2]
    assert middles == pytest.approx(np.sort(SLICES) + 0.02, abs=1e-5)
    heard = [r.labels["SLC"] for r in sequence.timeline.readouts]
    assert heard == [n for n in (0, 2, 1) for _ in range(16)]
    with pytest.raises(ModelError, match="uneven distances"):
        image_of(read(gradient_echo(tmp_path / "b.seq", slices=(0.0, 5e-3, 12e-3)), LIMITS))


def test_spokes_need_a_field_of_view_that_the_file_or_the_scan_says(tmp_path):
    silent = read(gradient_echo(tmp_path / "a.seq", spokes=True), LIMITS)
    with pytest.raises(ModelError, match="does not say its field of view"):
        image_of(silent)
    told = read(gradient_echo(tmp_path / "b.seq", spokes=True, said=[("FOV", [0.2, 0.2, 4e-3])]), LIMITS)
    assert image_of(told).fov == (0.2, 0.2, 4e-3) and image_of(told).matrix[0] == pytest.approx(16, abs=2)
    assert image_of(silent, fov=(0.1, 0.1), matrix=(24, 20)).matrix == (24, 20, 1)


@pytest.mark.parametrize("orientation", ["transverse", "sagittal", "coronal"])
def test_what_the_library_says_of_itself_is_what_k_space_tells(orientation):
    own = build("spoiled_gre", LIMITS, matrix=(24, 20), fov=(0.24, 0.2), thickness=5e-3, orientation=orientation)
    found = image_of(replace(own, info={}))
    assert found.axes == tuple(own.info["axes"]) and found.matrix == tuple(own.info["matrix"])
    # An oversampled readout tells the field that it covers, which is wider than the image's.
    assert found.fov[1] == pytest.approx(own.info["FOV"][1], rel=1e-3)


def test_a_line_is_no_image(tmp_path):
    file = gradient_echo(tmp_path / "a.seq", first=15)
    with pytest.raises(ModelError, match="one direction only"):
        image_of(read(file, LIMITS))


@pytest.mark.parametrize("spokes", [False, True])
def test_a_file_that_turns_its_gradients_itself_says_how_its_image_lies(tmp_path, spokes):
    """Turned back, an oblique file is the straight one, whichever way it lies."""
    said = [("FOV", [0.2, 0.2, 4e-3])] if spokes else ()
    straight = read(gradient_echo(tmp_path / "a.seq", slices=(5e-3,), spokes=spokes, said=said), LIMITS)
    for angles in ((0.3, 0.0, 0.0), (0.3, -0.2, 0.4 * (not spokes))):
        turn = rotation(angles)
        oblique = _straight(_playing(straight, turned(straight.timeline, Plane(turn, np.zeros(3))), {}))
        assert abs(np.diag(oblique.info["turn"].T @ turn)) == pytest.approx(np.ones(3), abs=2e-2 if spokes else 1e-6)
        assert np.linalg.det(oblique.info["turn"]) == pytest.approx(1)
        found = image_of(oblique)
        assert found.axes == (0, 1, 2) and found.centre == pytest.approx(5e-3, abs=1e-5)
        assert found.matrix == pytest.approx(image_of(straight).matrix, abs=2)
    assert slant(np.stack(straight.trajectory)) is None


def test_gradients_that_pulseq_turned_are_turned_back(tmp_path):
    file = gradient_echo(tmp_path / "a.seq", turn=0.3)
    sequence = _own(Protocol("a", "scanner_3t", file=str(file)), LIMITS)
    assert sequence.info["turn"] == pytest.approx(rotation((0.3, 0.0, 0.0)), abs=1e-4)
    assert sequence.grid is not None and sequence.grid.shape == (16, 16, 1)
