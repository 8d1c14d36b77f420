"""A user's own patient (a NIfTI label map) and own sequence (a .seq file) in a trial, in a turned plane: geometry and refusals."""

import shutil
import subprocess

import numpy as np
import pytest

pytest.importorskip("pypulseq")
pytest.importorskip("nibabel")

import nibabel as nib

from proband.evidence.scan_store import ScanStore
from proband.mr.images.dicom import read_dicom
from proband.mr.images.nifti import read_nifti
from proband.mr.sequence import build
from proband.trials import Refused, load

ROD = np.array([22.0, -14.0])  # mm, x and y of a bright rod along z
TRIAL = """
patient: {labels: head.nii.gz, tissues: {'1': muscle, '2': fat}, fields_voxel: 12 mm}
common:
  array: head
  part: head
  mode: first level
  anatomy: [2, 2, 2]
  points: [2, 2, 6]
  noise: false
scans:
  turned:
    sequence: spoiled_gre
    options: {fov: [160 mm, 144 mm], matrix: [40, 36], thickness: 8 mm, TR: 100 ms, TE: 4 ms, flip: 70, bandwidth: 2000 Hz, spoil: 1}
    turn: [25 deg, 10 deg, 20 deg]
    offset: 6 mm
  mine: {file: mine.seq}
measures: [turned.signal(fat), turned.signal(muscle), mine.signal(fat), turned.duration]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    n, edge = np.array([30, 26, 30]), 4.0
    affine = np.diag([edge, edge, edge, 1.0])
    affine[:3, 3] = -(n - 1) / 2 * edge
    x, y = np.meshgrid(*(affine[a, a] * np.arange(n[a]) + affine[a, 3] for a in (0, 1)), indexing="ij")
    labels = np.zeros(n, np.uint8)
    labels[(x / 56) ** 2 + (y / 48) ** 2 < 1] = 1
    labels[np.hypot(x - ROD[0], y - ROD[1]) < 13] = 2
    image = nib.Nifti1Image(labels, affine)
    nib.save(image, folder / "unitless.nii.gz")
    image.header.set_xyzt_units("mm")
    nib.save(image, folder / "head.nii.gz")
    options = {"fov": (0.16, 0.144), "matrix": (40, 36), "thickness": 8e-3, "TR": 0.1, "TE": 4e-3, "flip": 70.0, "bandwidth": 2000.0, "spoil": 1.0}  # fmt: skip
    build("spoiled_gre", **options).write(folder / "mine.seq")
    (folder / "trial.yaml").write_text(TRIAL, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(place):
    result = load(str(place / "trial.yaml")).run(sink=ScanStore(place / "out"), threads=2)
    return place / "out", result


def middle_of_rod(image):
    """Where in the world (mm) the bright rod is seen in the plane: the mean place of what is brighter than muscle, near it."""
    data = np.abs(np.asarray(image.data)).astype(float)
    points = image.grid.points() * 1e3
    near = np.hypot(*np.moveaxis(points[..., :2] - ROD, -1, 0)) < 20
    near &= data > 0.6 * data[near].max()
    return (points[near] * data[near][:, None]).sum(0) / data[near].sum()


def test_the_rod_lies_where_the_label_map_has_it(done):
    """Fat is displaced along the readout by its shift, 0.22 pixels at 2 kHz a pixel."""
    _, result = done
    for name in ("turned", "mine"):
        found = middle_of_rod(result.scans[name].image)
        assert np.linalg.norm(found[:2] - ROD) < 3.0, name
    normal = result.scans["turned"].image.grid.affine[:3, 2]
    normal = normal / np.linalg.norm(normal)
    centre = result.scans["turned"].image.grid.points().reshape(-1, 3).mean(0)
    assert abs(normal[2]) == pytest.approx(np.cos(np.deg2rad(25)) * np.cos(np.deg2rad(10)), abs=1e-6)
    assert centre @ normal == pytest.approx(6e-3, abs=2.5e-3)  # half a pixel beside the middle


def test_a_sequence_of_ones_own_sees_what_the_librarys_does(done):
    _, result = done
    assert result.number("mine.signal(fat)") == pytest.approx(result.number("turned.signal(fat)"), rel=0.1)
    assert result.number("turned.signal(fat)") > 1.2 * result.number("turned.signal(muscle)")


def test_files_of_a_turned_plane_agree(done):
    folder, result = done
    image = result.scans["turned"].image
    for read in (read_dicom(folder / "turned" / "image.dcm"), read_nifti(folder / "turned" / "image.nii.gz")):
        assert middle_of_rod(read) == pytest.approx(middle_of_rod(image), abs=0.2)


@pytest.mark.skipif(shutil.which("dcm2niix") is None, reason="dcm2niix is not installed")
def test_dcm2niix_sees_the_turned_plane_where_it_is(done, tmp_path):
    folder, result = done
    subprocess.run(["dcm2niix", "-o", tmp_path, "-f", "image", folder / "turned" / "image.dcm"], check=True, capture_output=True)  # fmt: skip
    (file,) = tmp_path.glob("*.nii*")
    assert middle_of_rod(read_nifti(file)) == pytest.approx(middle_of_rod(result.scans["turned"].image), abs=0.2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("turn: [25 deg, 10 deg, 20 deg]", "turn: [25 mm, 10 deg, 20 deg]", "write three angles"),
        ("'2': fat", "'3': fat", "label 2|labels? .*2"),
        ("tissues: {'1': muscle, '2': fat}", "tissues: {'1': muscel, '2': fat}", "muscle"),
        ("offset: 6 mm", "offset: 600 mm", "holds nothing of"),
        ("file: mine.seq", "file: torn.seq", r"torn\.seq"),
        ("head.nii.gz", "unitless.nii.gz", "give `length`"),
        ("head.nii.gz", "torn.nii.gz", r"torn\.nii\.gz"),
        ("head.nii.gz", "other.nii.gz", "other.nii.gz|whole numbers|label"),
        ("spoil: 1}", "spoil: 1, acceleration: 36, acs: 0}\n    reconstruction: {method: cg-sense}", "under-determined|cannot be"),
        ("bandwidth: 2000 Hz", "bandwidth: 200 kHz", "spoiled_gre"),
        ("mode: first level", "mode: first level\n  adjust: [hart]", "cannot be adjusted to 'hart'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_sentence(place, old, new, said):
    assert old in TRIAL
    (place / "torn.seq").write_bytes((place / "mine.seq").read_bytes()[:900])
    (place / "torn.nii.gz").write_bytes((place / "head.nii.gz").read_bytes()[:200])
    nib.save(nib.Nifti1Image(np.full((4, 4, 4), 0.5, np.float32), np.eye(4)), place / "other.nii.gz")
    (place / "bad.yaml").write_text(TRIAL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match=said) as refused:
        load(str(place / "bad.yaml")).run(threads=1)
    assert "\n" not in str(refused.value)


def test_a_map_without_a_unit_of_length_is_taken_where_the_trial_says_it(place):
    from proband.trials import prepare

    told = TRIAL.replace("labels: head.nii.gz", "labels: unitless.nii.gz, length: mm")
    (place / "told.yaml").write_text(told, encoding="utf-8")
    subject = prepare(load(str(place / "told.yaml"))).subject
    assert subject.extent(3.0)[1] == pytest.approx([0.060, 0.052, 0.060], abs=1e-6)
