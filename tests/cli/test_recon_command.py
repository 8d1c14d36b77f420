"""`proband recon`: an image of an MRD file, and one sentence for what cannot be one."""

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest

pytest.importorskip("ismrmrd")

from proband.cli.serving import serve
from proband.mr.images.image import Image
from proband.mr.images.mrd import write_mrd
from proband.mr.images.nifti import read_nifti, write_nifti
from proband.mr.raw import RawData
from proband.mr.space import Grid

N, COILS = 32, 16


def disk():
    x = np.arange(N) - N // 2
    return (np.hypot(x[:, None] - 3, x[None] + 2) < 9).astype(float)


def raw_data(lines):
    """A disk seen by more coils than `auto` works with; k-space by the sum itself, not by the library's transform."""
    grid = Grid.centred((N, N, 1), (4e-3, 4e-3, 5e-3))
    x = (np.arange(N) - N // 2) / N
    turn = np.exp(2j * np.pi * np.arange(COILS) / COILS)
    brightness = np.exp(
        -2 * ((x[:, None] - 0.5 * turn.real[:, None, None]) ** 2 + (x - 0.5 * turn.imag[:, None, None]) ** 2)
    )
    maps = brightness * turn[:, None, None]
    wave = np.exp(-2j * np.pi * np.outer(np.arange(N) - N // 2, x))
    k = np.einsum("kx,cxy,ly->ckl", wave, maps * disk(), wave)
    place = grid.points()[:, :, 0, :2]  # world: the middle of the grid lies half a voxel beside its middle voxel
    shift = place[N // 2, N // 2]
    frequency = (np.arange(N) - N // 2) / (N * 4e-3)
    k = k * np.exp(-2j * np.pi * (frequency[:, None] * shift[0] + frequency[None] * shift[1]))
    trajectory = np.zeros((len(lines), N, 3))
    trajectory[..., 0], trajectory[..., 1] = frequency, frequency[lines][:, None]
    return RawData(
        signal=np.moveaxis(k[:, :, lines], 2, 0).astype(np.complex64), trajectory=trajectory,
        times=np.arange(len(lines))[:, None] * 0.01 + np.arange(N) * 1e-5, labels={"LIN": np.asarray(lines)},
        noise=np.eye(COILS, dtype=complex), grid=grid, B0=3.0, info={},
    )  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_mrd(raw_data(np.arange(N)), tmp_path_factory.mktemp("raw") / "disk.mrd")


def called(capsys, *words):
    code = serve([str(w) for w in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def likeness(folder):
    image = np.abs(read_nifti(folder / "image.nii.gz").data).squeeze()
    return np.corrcoef(image.ravel(), disk().ravel())[0, 1]


def test_the_whole_k_space_becomes_its_image(file, tmp_path, capsys):
    code, out, _ = called(capsys, "recon", file, "--out", tmp_path / "new", "--json")
    assert code == 0 and json.loads(out)["method"] == "fft"
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["image.dcm", "image.nii.gz", "image.png"]
    assert likeness(tmp_path / "new") > 0.95


def test_half_of_the_lines_with_a_centre_become_the_same_image(tmp_path, capsys):
    lines = np.array([n for n in range(N) if n % 2 == 0 or abs(n - N // 2) < 5])
    half = write_mrd(raw_data(lines), tmp_path / "half.mrd")
    code, out, _ = called(capsys, "recon", half, "--out", tmp_path / "new", "--json")
    assert code == 0 and json.loads(out)["method"] == "cg-sense"
    assert likeness(tmp_path / "new") > 0.95


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("missing", "there is no MRD file"),
        ("cut", "is not a whole MRD file"),
        ("text", "is not a whole MRD file"),
        ("foreign", "holds no MRD data set"),
        ("sparse", "coil maps need at least"),
        ("plain", "of the lines are there"),
        ("method", "there is no method 'cg_sense'"),
        ("taken", "exists already"),
    ],
)
def test_what_cannot_become_an_image_is_said_in_one_sentence(what, said, file, tmp_path, capsys):
    given, out, method = tmp_path / "given.mrd", tmp_path / "out", "auto"
    if what == "cut":
        given.write_bytes(file.read_bytes()[:20000])
    elif what == "text":
        given.write_text("no k-space")
    elif what == "foreign":
        with h5py.File(given, "w") as store:
            store["numbers"] = [1, 2]
    elif what in ("sparse", "plain"):
        write_mrd(raw_data(np.arange(0, N, 8)), given)
        method = "cg-sense" if what == "sparse" else "fft"
    elif what in ("method", "taken"):
        given = file
        method = "cg_sense" if what == "method" else "auto"
        if what == "taken":
            out.mkdir()
            (out / "notes.txt").write_text("mine")
    code, _, err = called(capsys, "recon", given, "--out", out, "--method", method)
    assert code == 2 and said in err and err.strip().count("\n") == 0
    assert not (out / "image.png").exists() and not list(tmp_path.glob(".*unfinished*"))


@pytest.fixture(scope="module")
def sparse(tmp_path_factory):
    """Every third line and no centre: the maps must come from elsewhere."""
    return write_mrd(raw_data(np.arange(1, N, 3)), tmp_path_factory.mktemp("raw") / "sparse.mrd")


def kept_maps(folder, shift=0.0):
    """Complex maps as a scan's folder holds them, of the coils as they are."""
    raw = raw_data(np.arange(N))
    x = (np.arange(N) - N // 2) / N
    turn = np.exp(2j * np.pi * np.arange(COILS) / COILS)[:, None, None]
    maps = turn * np.exp(-2 * ((x[:, None] - 0.5 * turn.real) ** 2 + (x - 0.5 * turn.imag) ** 2))
    grid = Grid(raw.grid.shape, raw.grid.affine + np.eye(4, k=3) * shift)
    data = np.moveaxis(maps, 0, -1)[:, :, None].astype(np.complex64)
    return write_nifti(Image(data, grid), folder / "coils.nii.gz")


@pytest.mark.parametrize("kind", ["nifti", "scan"])
def test_maps_of_the_coils_come_from_a_file(kind, sparse, file, tmp_path, capsys):
    maps = kept_maps(tmp_path) if kind == "nifti" else file
    words = ("recon", sparse, "--out", tmp_path / "new", "--maps", maps, "--json")
    code, out, _ = called(capsys, *words)
    assert code == 0 and json.loads(out)["method"] == "cg-sense"
    assert likeness(tmp_path / "new") > 0.95


def test_options_reach_the_method(sparse, file, tmp_path, capsys):
    """One step leaves what the missing lines fold into the image; many take it away."""
    words = ("recon", sparse, "--maps", file, "--method", "l1-wavelet", "--option", "regularisation=0.001")
    assert called(capsys, *words, "--out", tmp_path / "one", "--option", "iterations=1")[0] == 0
    assert called(capsys, *words, "--out", tmp_path / "many", "--option", "iterations=100")[0] == 0
    assert likeness(tmp_path / "many") > likeness(tmp_path / "one") + 0.05


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--maps", "moved"), "do not lie on the scan's grid"),
        (("--maps", "few"), "heard by 4 coils and the scan by 16"),
        (("--maps", "none.mrd"), "there is no MRD file"),
        (("--option", "regularisation"), "write it as in --option regularisation=0.004"),
        (("--option", "regularisation=nan"), "is no number that can be used"),
        (("--option", "lambda=3"), "has no option 'lambda'"),
        (("--option", "ridge=much"), "cg-sense's ridge = 'much', where a number from 0 on is right"),
        (("--option", "iterations=2.5"), "iterations = 2.5, where a whole number at least 1 is right"),
    ],
)
def test_maps_and_options_that_do_not_fit_are_one_sentence(words, said, sparse, tmp_path, capsys):
    place = words[1]
    if place == "moved":
        place = kept_maps(tmp_path, shift=2e-3)
    elif place == "few":
        raw = raw_data(np.arange(N))
        place = write_mrd(replace(raw, signal=raw.signal[:, :4], noise=np.eye(4, dtype=complex)), tmp_path / "few.mrd")
    code, _, err = called(capsys, "recon", sparse, "--out", tmp_path / "out", words[0], place)
    assert code == 2 and said in err and err.strip().count("\n") == 0
