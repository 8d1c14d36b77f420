"""NIfTI out and in, and what a damaged or placeless file is told."""

import gzip
import io

import image_files as files
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proband.model import ModelError
from proband.mr.images.nifti import read_nifti, write_nifti

nibabel = pytest.importorskip("nibabel")


@pytest.mark.parametrize("frames", [None, 3])
@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_there_and_back(tmp_path, frames, ending):
    image = files.ramp_image(frames)
    again = read_nifti(write_nifti(image, tmp_path / f"a{ending}"))
    assert np.allclose(again.data, image.data)
    assert np.allclose(again.grid.affine, image.grid.affine, atol=1e-8)
    if frames:
        assert np.allclose(again.frame_times, image.frame_times)


def test_both_forms_say_the_same(tmp_path):
    header = nibabel.load(write_nifti(files.ramp_image(), tmp_path / "a.nii")).header
    assert np.allclose(header.get_sform(), header.get_qform(), atol=1e-4)
    assert header.get_xyzt_units() == ("mm", "sec")


def written(tmp_path, **fields):
    whole = nibabel.Nifti1Image(np.ones((3, 3, 3), np.float32), np.eye(4))
    whole.header.set_xyzt_units("mm", "sec")
    file = tmp_path / "b.nii"
    raw = bytearray(whole.to_bytes())
    header = nibabel.Nifti1Header.from_fileobj(io.BytesIO(raw))
    for name, value in fields.items():
        header[name] = value
    raw[:348] = header.binaryblock
    file.write_bytes(raw)
    return file


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"sform_code": 0, "qform_code": 0}, "no affine"), ({"xyzt_units": 0}, "unit of length"), ({"srow_x": 0}, "no place in the world")],
)  # fmt: skip
def test_places_and_units_that_are_missing(tmp_path, fields, said):
    with pytest.raises(ModelError, match=said):
        read_nifti(written(tmp_path, **fields))


def test_other_refusals(tmp_path):
    with pytest.raises(ModelError, match="there is no NIfTI"):
        read_nifti(tmp_path / "none.nii")
    (tmp_path / "text.nii").write_text("a poem")
    with pytest.raises(ModelError, match="not a NIfTI file"):
        read_nifti(tmp_path / "text.nii")
    with pytest.raises(ModelError, match=r"\.nii"):
        write_nifti(files.ramp_image(), tmp_path / "a.img")


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "zipped"])
def whole(request, tmp_path_factory):
    content = write_nifti(files.ramp_image(), tmp_path_factory.mktemp("nifti") / "a.nii").read_bytes()
    return (gzip.compress(content, mtime=0), "d.nii.gz") if request.param else (content, "d.nii")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.none() | st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 420), st.integers(0, 7)), max_size=6))
def test_damaged_files(tmp_path, whole, cut, flips):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = files.damaged(whole[0], cut, flips)
        files.reads_or_refuses(read_nifti, tmp_path / whole[1], content, lambda i: i.data)
