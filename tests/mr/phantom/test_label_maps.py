"""Anatomy of the user's own: NIfTI label maps and tissue maps."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.images.image import Image
from proband.mr.images.nifti import write_nifti
from proband.mr.phantom.importing import from_labels, from_shares, mni152
from proband.mr.phantom.tissues import tissue
from proband.mr.space import Grid

pytest.importorskip("nibabel")
GRID = Grid.centred((6, 5, 4), (1e-3, 2e-3, 3e-3))
LABELS = np.arange(120).reshape(6, 5, 4) % 3


def test_labels_become_tissues(tmp_path):
    file = write_nifti(Image(LABELS.astype(np.int16), GRID), tmp_path / "labels.nii.gz")
    patient = from_labels(file, {1: "grey_matter", 2: "liver"}, 5.0)
    assert np.allclose(patient.T1[LABELS == 2], tissue("liver", 5.0).T1)
    assert np.all(patient.density[LABELS == 0] == 0)
    assert np.allclose(patient.grid.affine, GRID.affine, atol=1e-9)


def test_shares_mix(tmp_path):
    files = {
        "grey_matter": write_nifti(Image(np.full(GRID.shape, 0.25), GRID), tmp_path / "grey.nii"),
        "white_matter": write_nifti(Image(np.full(GRID.shape, 0.75), GRID), tmp_path / "white.nii"),
    }
    patient = from_shares(files, 3.0)
    expected = 0.25 * tissue("grey_matter", 3.0).density + 0.75 * tissue("white_matter", 3.0).density
    assert np.allclose(patient.density, expected)
    assert np.allclose(patient.T1, tissue("white_matter", 3.0).T1)


def test_refusals(tmp_path):
    whole = write_nifti(Image(LABELS.astype(np.int16), GRID), tmp_path / "labels.nii")
    with pytest.raises(ModelError, match="label 2"):
        from_labels(whole, {1: "grey_matter"}, 3.0)
    with pytest.raises(ModelError, match="no tissue is called"):
        from_labels(whole, {1: "grey_mater", 2: "liver"}, 3.0)
    parts = write_nifti(Image(LABELS * 0.5, GRID), tmp_path / "parts.nii")
    with pytest.raises(ModelError, match="whole numbers"):
        from_labels(parts, {1: "liver"}, 3.0)
    with pytest.raises(ModelError, match="0 to 1"):
        from_shares({"liver": whole}, 3.0)
    most = write_nifti(Image((LABELS > 0) * 0.7, GRID), tmp_path / "most.nii")
    with pytest.raises(ModelError, match=r"add up to 1\.4 .* do not belong together"):
        from_shares({"liver": most, "fat": most}, 3.0)
    other = write_nifti(Image(np.zeros(GRID.shape), Grid.centred(GRID.shape, (1e-3, 1e-3, 1e-3))), tmp_path / "o.nii")
    flat = write_nifti(Image(np.zeros(GRID.shape), GRID), tmp_path / "f.nii")
    with pytest.raises(ModelError, match="another grid"):
        from_shares({"liver": flat, "fat": other}, 3.0)


def test_mni152_template():
    pytest.importorskip("nilearn", reason="the MNI152 template comes with nilearn, which is not installed")
    patient = mni152(3.0)
    litres = (patient.density > 0.3).sum() * np.prod(patient.grid.voxel) * 1e3
    assert 1.0 < litres < 2.2


def test_without_nilearn_it_is_said(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="nilearn"):
        mni152(3.0)
