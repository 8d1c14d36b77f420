"""Enhanced MR DICOM as others read it."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proband.model import ModelError
from proband.mr.images.dicom import read_dicom, write_dicom
from proband.mr.images.nifti import read_nifti
from proband.mr.space import Grid

import image_files as files  # isort: skip

pydicom = pytest.importorskip("pydicom")


def needs(tool):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    return tool


@pytest.mark.parametrize("image", [files.ramp_image(TR=0.01, TE=0.004, flip_angle=10.0, SAR=0.5, B0=5.0), files.ramp_image(3, unit="1", gated=True, period=0.8)], ids=["map", "cine"])  # fmt: skip
def test_dciodvfy_finds_nothing(tmp_path, image):
    file = write_dicom(image, tmp_path / "a.dcm")
    said = subprocess.run([needs("dciodvfy"), str(file)], capture_output=True, text=True).stderr
    assert "EnhancedMRImage" in said and "Error" not in said and "Warning" not in said


def test_dcm2niix_finds_the_same_place_and_values(tmp_path):
    image = files.ramp_image()
    file = write_dicom(image, tmp_path / "a.dcm")
    (tmp_path / "out").mkdir()
    subprocess.run([needs("dcm2niix"), "-b", "n", "-z", "n", "-o", str(tmp_path / "out"), "-f", "x", str(file)], check=True, capture_output=True)  # fmt: skip
    found = read_nifti(tmp_path / "out" / "x.nii")
    for index in ((0, 0, 0), (11, 9, 4), (3, 7, 2)):
        world = image.grid.points()[index]
        assert files.value_at(found, world) == pytest.approx(1e3 * image.data[index], rel=1e-3)  # s → ms


@pytest.mark.parametrize("frames", [None, 4])
def test_read_back(tmp_path, frames):
    image = files.ramp_image(frames)
    again = read_dicom(write_dicom(image, tmp_path / "a.dcm"))
    assert again.unit == "s" and again.data.ndim == image.data.ndim
    for index in ((0, 0, 0), (11, 9, 4), (3, 7, 2)):
        assert files.value_at(again, image.grid.points()[index]) == pytest.approx(image.data[index], abs=1e-4)


def test_signed_maps_keep_their_sign(tmp_path):
    image = replace(files.ramp_image(unit="Hz"), data=files.ramp_image().data - 0.7)
    again = read_dicom(write_dicom(image, tmp_path / "a.dcm"))
    assert again.data.min() == pytest.approx(image.data.min(), abs=1e-4) and again.unit == "Hz"


def test_same_image_same_file_and_nothing_private(tmp_path):
    one, two = (write_dicom(files.ramp_image(), tmp_path / n) for n in ("a.dcm", "b.dcm"))
    assert one.read_bytes() == two.read_bytes()
    other = pydicom.dcmread(write_dicom(files.ramp_image(), tmp_path / "c.dcm", seed=1))
    first = pydicom.dcmread(one)
    assert other.SOPInstanceUID != first.SOPInstanceUID and other.StudyInstanceUID != first.StudyInstanceUID
    assert not [e.tag for e in first.iterall() if e.tag.is_private]


def test_refusals(tmp_path):
    image = files.ramp_image()
    for wrong, said in (
        (replace(image, data=image.data * np.nan), "not finite"),
        (replace(image, unit="parsec"), "parsec"),
        (replace(image, data=image.data[:5]), "does not fit"),
        (replace(image, grid=Grid(image.grid.shape, image.grid.affine + np.eye(4, k=1) * 1e-3)), "sheared"),
    ):
        with pytest.raises(ModelError, match=said):
            write_dicom(wrong, tmp_path / "x.dcm")
    with pytest.raises(ModelError, match="no DICOM file"):
        read_dicom(tmp_path / "none.dcm")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_dicom(files.ramp_image(), tmp_path_factory.mktemp("dicom") / "a.dcm").read_bytes()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.none() | st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 7)), max_size=6))
def test_damaged_files(tmp_path, whole, cut, flips):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files.reads_or_refuses(read_dicom, tmp_path / "d.dcm", files.damaged(whole, cut, flips), lambda i: i.data)
