"""Pulseq files by others: read, played, compared with pypulseq, written again; what is damaged is refused by name."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proband.model import ModelError
from proband.mr.sequence.comparison import differences
from proband.mr.sequence.mr_sequence import read
from proband.mr.sequence.playing import timeline_of
from proband.mr.sequence.reading import parse, read_tables
from proband.mr.sequence.shapes import decompress
from proband.mr.sequence.side_car import read_waves, side_car_of, write_waves
from proband.mr.sequence.trajectory import k_space

FOLDER = Path(os.environ.get("PROBAND_SHARED", "../shared")) / "recordings/mr/seq"
NAMES = ("epi_v1.2", "epi_v1.4", "gre_v1.4", "spiral_v1.4", "gre_rad_v1.5")

#: A hand-written file: one pulse, a trapezoid, a readout with labels, a trigger.
SMALL = """# Pulseq sequence file
[VERSION]
major 1
minor 5
revision 0

[DEFINITIONS]
AdcRasterTime 1e-07
BlockDurationRaster 1e-05
FOV 0.2 0.2 0.005
GradientRasterTime 1e-05
Name small
RadiofrequencyRasterTime 1e-06

[BLOCKS]
1 20 1 0 0 0 0 0
2 30 0 1 0 2 1 1
3 100 0 0 0 0 0 4
4 30 0 1 0 2 1 2

[RF]
1 1000 1 2 3 25 100 -1 0 10 0.5 e

[GRADIENTS]
2 4000 0 0 4 0 50

[TRAP]
1 -5000 40 200 60 0

[ADC]
1 10 20000 40 0 0 0 0.25 0

[EXTENSIONS]
1 1 1 3
2 2 1 0
3 1 2 0
4 3 1 0

extension LABELSET 1
1 7 LIN
2 1 SLC

extension LABELINC 2
1 2 LIN

extension TRIGGERS 3
1 2 1 100 500

[SHAPES]

shape_id 1
num_samples 2
1
1

shape_id 2
num_samples 2
0
0

shape_id 3
num_samples 2
0
50

shape_id 4
num_samples 10
0.1
0.1
3
-0.1
-0.1
3
"""


def given_file(name):
    path = FOLDER / f"{name}.seq"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


def test_a_file_is_read_row_by_row():
    tables = parse(SMALL.encode(), "small.seq")
    timeline = timeline_of(tables, B0=2.0)
    (pulse,) = timeline.pulses
    assert pulse.start == pytest.approx(100e-6)
    assert pulse.wave.shape == (1, 1)  # a constant shape is one long step
    assert pulse.step == pytest.approx(50e-6)
    assert pulse.frequency == pytest.approx(10 - 2 * 42.577478518)  # −1 ppm of 2 T
    assert pulse.phase == 0.5
    assert [r.start for r in timeline.readouts] == pytest.approx([240e-6, 1540e-6])
    assert [r.labels for r in timeline.readouts] == [{"LIN": 7, "SLC": 1}, {"LIN": 9, "SLC": 1}]
    assert timeline.triggers == pytest.approx([600e-6])
    assert timeline.duration == pytest.approx(1.8e-3)
    x = timeline.gradients[0]
    assert x.times[:4] == pytest.approx(np.array([200, 240, 440, 500]) * 1e-6)
    assert x.values[:4] * 42.577478518e6 == pytest.approx([0, -5000, -5000, 0])
    z = timeline.gradients[2]
    assert z.values[:12] * 42.577478518e6 == pytest.approx(
        4000 * np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0])
    )
    assert z.times[:3] == pytest.approx([250e-6, 255e-6, 265e-6])


def test_offsets_in_ppm_need_a_field():
    with pytest.raises(ModelError, match="which field"):
        timeline_of(parse(SMALL.encode(), "small.seq"))


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ("minor 5", "minor 7", "1.2 to 1.5 are read"),
        ("[VERSION]", "[VERZION]", r"\[VERZION\]"),
        ("major 1\n", "", "major, minor and revision"),
        ("GradientRasterTime 1e-05", "GradientRasterTime -1e-05", "GradientRasterTime"),
        ("GradientRasterTime 1e-05", "GradientRasterTime 1.05e-06", "no multiple of the RF raster"),
        ("AdcRasterTime 1e-07\n", "", "AdcRasterTime is missing"),
        ("2 30 0 1 0 2 1 1", "2 30 0 1 0 2 9 1", "block 2 plays ADC 9"),
        ("2 30 0 1 0 2 1 1", "2 3 0 1 0 2 1 1", "block 2 lasts 30 µs"),
        ("2 30 0 1 0 2 1 1", "1 30 0 1 0 2 1 1", "block 1 stands twice"),
        ("1 1000 1 2 3 25 100 -1 0 10 0.5 e", "1 1000 1 2 3 25 100 -1 0 10 0.5 x", "use 'x'"),
        ("1 1000 1 2 3 25 100 -1 0 10 0.5 e", "1 nan 1 2 3 25 100 -1 0 10 0.5 e", "amplitude is 'nan'"),
        ("1 -5000 40", "1 -5e300 40", "amplitude is '-5e300'"),
        ("1 1000 1 2 3 25 100", "1 1000 1 4 3 25 100", "its magnitude has 2 samples"),
        ("1 -5000 40 200 60 0", "1 -5000 40 200", "4 columns"),
        ("1 10 20000 40", "1 10 0 40", "dwell"),
        ("1 7 LIN", "1 7 LON", "label 'LON'"),
        ("extension LABELINC 2", "extension ROTATIONS 2", "extension ROTATIONS is not known"),
        ("3 1 2 0\n", "3 1 2 1\n", "circle"),
        ("num_samples 10", "num_samples 11", "unpacks to 10 samples instead of the 11"),
        ("num_samples 10", "num_samples 99999999999", "num_samples"),
        ("-0.1\n-0.1\n3\n", "-0.1\n-0.1\n2.5\n", "repeats a value 2.5 times"),
        ("shape_id 4", "shape_id 3", "shape 3 stands twice"),
    ],
)
def test_damage_is_named(change, to, says):
    assert change in SMALL
    with pytest.raises(ModelError, match=says):
        parse(SMALL.replace(change, to, 1).encode(), "small.seq")


def test_shapes_unpack():
    plain = decompress(np.array([1.0, 0.0, 0.0, 97.0]), 100, "shape")
    assert np.array_equal(plain, np.ones(100))
    steps = np.array([0.1, 0.25, 0.25, 0.0, 0.5, -0.4, -0.4, 2.0])
    assert decompress(steps, 8, "shape", False) == pytest.approx([0.1, 0.35, 0.6, 1.1, 0.7, 0.3, -0.1, -0.5])


def test_unknown_extension_is_refused_by_name():
    with pytest.raises(ModelError, match="extension UNKNOWN1 is not known"):
        read(given_file("unknown_ext_v1.5"))


@pytest.mark.parametrize("name", NAMES[1:])
def test_trajectory_is_that_of_pypulseq(name):
    import warnings

    import pypulseq as pp

    path = given_file(name)
    seq = pp.Sequence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seq.read(str(path), detect_rf_use=True) if "1.4" in name else seq.read(str(path))
    theirs = seq.calculate_kspace()[0].T
    ours = np.concatenate(k_space(timeline_of(read_tables(path))))
    assert np.abs(ours - theirs).max() < 1e-6  # of some hundred cycles/m


def test_epi_of_another_program_covers_k_space():
    sequence = read(given_file("epi_v1.2"))
    k = np.stack(sequence.trajectory)
    assert k.shape == (64, 64, 3)
    lines = k[:, 32, 1]
    assert np.diff(lines) == pytest.approx(np.full(63, np.diff(lines)[0]), rel=1e-4)
    assert np.all(np.sign(np.diff(k[::2, :, 0], axis=1)) == 1)
    assert np.all(np.sign(np.diff(k[1::2, :, 0], axis=1)) == -1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version", ["1.4.1", "1.5"])
def test_written_and_read_again(name, version, tmp_path):
    before = read(given_file(name))
    after = read(before.write(tmp_path / "again.seq", version))
    assert differences(before.timeline, after.timeline) == []


def test_changed_after_signing(tmp_path):
    path = read_small(tmp_path).write(tmp_path / "signed.seq")
    text = path.read_text()
    path.write_text(text.replace("-5000", "-5001"))
    with pytest.raises(ModelError, match="changed after it was signed"):
        read(path)
    assert read(path, verify=False).tables.gradients[1].amplitude == -5001


def read_small(tmp_path):
    path = tmp_path / "small.seq"
    path.write_text(SMALL)
    return read(path)


def test_waveforms_by_channel(tmp_path):
    sequence = read_small(tmp_path)
    waves = {1: np.array([[100 + 5j], [50j]])}
    path = sequence.with_waves(waves).write(tmp_path / "two.seq")
    again = read(path)
    assert np.array_equal(again.timeline.pulses[0].wave, waves[1])
    # Another sequence with this side-car is refused.
    path.write_text(path.read_text().replace("Name small", "Name other"))
    with pytest.raises(ModelError, match="belongs to another sequence"):
        read(path, verify=False)


@pytest.mark.parametrize(
    ("waves", "says"),
    [
        ({1: np.ones((2, 3))}, "1 samples"),
        ({5: np.ones((2, 1))}, "RF event 5 is not in the sequence"),
        ({1: np.full((2, 1), np.nan)}, "not finite"),
    ],
)
def test_waveforms_that_do_not_fit(waves, says, tmp_path):
    sequence = read_small(tmp_path)
    with pytest.raises(ModelError, match=says):
        write_waves(tmp_path / "small.seq", sequence.tables, waves)


def test_side_car_that_is_none(tmp_path):
    sequence = read_small(tmp_path)
    side_car_of(tmp_path / "small.seq").write_bytes(b"no HDF5 at all")
    with pytest.raises(ModelError, match="HDF5"):
        read_waves(tmp_path / "small.seq", sequence.tables)


@pytest.mark.parametrize("line", ["Matrix no numbers", "Matrix 1 2", "Axes 0 0 1", "FOV -1 1 1", "TE soon"])
def test_definitions_are_free_text(line, tmp_path):
    path = tmp_path / "free.seq"
    path.write_text(SMALL.replace("FOV 0.2 0.2 0.005", line))
    assert read(path).info.get("TE") is None
    assert read(path).grid is None


def test_no_file():
    with pytest.raises(ModelError, match=r"nowhere\.seq cannot be read"):
        read("nowhere.seq")


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files_are_refused_in_one_sentence(data):
    text = bytearray(SMALL.encode())
    how = data.draw(st.sampled_from(["cut", "flip", "swap"]))
    if how == "cut":
        text = text[: data.draw(st.integers(0, len(text)))]
    elif how == "flip":
        for _ in range(data.draw(st.integers(1, 4))):
            text[data.draw(st.integers(0, len(text) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        lines = SMALL.split("\n")
        n, m = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[n], lines[m] = lines[m], lines[n]
        text = bytearray("\n".join(lines).encode())
    try:
        k_space(timeline_of(parse(bytes(text), "small.seq"), B0=3.0))
    except ModelError as refused:
        assert "\n" not in str(refused)


@given(where=st.floats(0, 1), bit=st.integers(0, 7), cut=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_signed_file_that_was_damaged_is_refused(where, bit, cut):
    path = given_file("gre_rad_v1.5")
    data = bytearray(path.read_bytes())
    at = min(int(where * len(data)), len(data) - 1)
    body = data.index(b"\n[SIGNATURE]")
    if cut:
        data = data[:at]
    else:
        data[at] ^= 1 << bit
    try:
        parse(bytes(data), path.name)
    except ModelError as refused:
        assert "\n" not in str(refused)
    else:
        # Only a file without its signature, or one damaged after its hash, may pass.
        assert (cut and at <= body + 1) or at > body
