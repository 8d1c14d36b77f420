"""MRD raw data: there and back, as the ISMRMRD package reads it, and damaged."""

from dataclasses import replace
from xml.etree import ElementTree

import image_files as files
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proband.model import ModelError
from proband.mr.images.mrd import read_mrd, write_mrd
from proband.mr.raw import RawData

h5py = pytest.importorskip("h5py")
pytest.importorskip("ismrmrd")


def scan(readouts=6, coils=3, samples=16):
    rng = np.random.default_rng(2)
    noise = rng.standard_normal((coils, coils)) + 1j * rng.standard_normal((coils, coils))
    k = rng.uniform(-500, 500, (readouts, samples, 3)).astype(np.float32).astype(float)
    signal = (rng.standard_normal((readouts, coils, samples)) + 1j).astype(np.complex64)
    times = 300.0 + np.arange(readouts)[:, None] * 0.0101 + np.arange(samples) * 4e-6
    labels = {"LIN": np.arange(readouts), "SLC": np.arange(readouts) % 2, "NAV": np.arange(readouts) % 3 // 2, "ONCE": np.arange(readouts)}  # fmt: skip
    return RawData(signal, k, times, labels, noise @ noise.conj().T, files.oblique_grid(), 5.0, {"TE": 0.004, "TR": 0.0101, "name": "gre"})  # fmt: skip


def test_there_and_back(tmp_path):
    raw = scan()
    again = read_mrd(write_mrd(raw, tmp_path / "a.mrd"))
    assert np.array_equal(again.signal, raw.signal)
    assert np.allclose(again.trajectory, raw.trajectory, rtol=1e-6)
    assert np.allclose(again.times, raw.times, atol=2e-9, rtol=0)
    assert np.allclose(again.noise, raw.noise, rtol=1e-4, atol=1e-4 * np.abs(raw.noise).max())
    assert {n: list(v) for n, v in again.labels.items()} == {n: list(v) for n, v in raw.labels.items()}
    assert np.allclose(again.grid.affine, raw.grid.affine) and again.grid.shape == raw.grid.shape
    assert again.B0 == raw.B0 and again.info == raw.info


def test_the_ismrmrd_package_reads_it(tmp_path):
    import ismrmrd

    raw = scan()
    dataset = ismrmrd.Dataset(str(write_mrd(raw, tmp_path / "a.mrd")), "dataset", create_if_needed=False)
    header = ismrmrd.xsd.CreateFromDocument(dataset.read_xml_header())
    assert header.encoding[0].reconSpace.matrixSize.x == raw.grid.shape[0]
    assert header.experimentalConditions.H1resonanceFrequency_Hz == pytest.approx(212.887e6, rel=1e-5)
    assert dataset.number_of_acquisitions() == 7
    assert dataset.read_acquisition(0).isFlagSet(ismrmrd.ACQ_IS_NOISE_MEASUREMENT)
    third = dataset.read_acquisition(3)
    assert np.array_equal(third.data, raw.signal[2]) and third.idx.kspace_encode_step_1 == 2
    assert third.isFlagSet(ismrmrd.ACQ_IS_NAVIGATION_DATA)
    dataset.close()


def test_a_cartesian_file_of_others(tmp_path):
    """No user parameters and no trajectory: k-space follows from the counters and the field of view."""
    raw = scan(readouts=10, samples=12)
    file = write_mrd(replace(raw, labels={"LIN": np.arange(10)}), tmp_path / "a.mrd")
    with h5py.File(file, "r+") as store:
        top = ElementTree.fromstring(store["dataset/xml"][0])
        for node in list(top):
            if node.tag.endswith("userParameters"):
                top.remove(node)
        store["dataset/xml"][0] = ElementTree.tostring(top)
        rows = store["dataset/data"][:]
        rows["head"]["trajectory_dimensions"] = 0
        rows["head"]["center_sample"] = 6
        for row in rows:
            row["traj"] = np.zeros(0, np.float32)
        store["dataset/data"][:] = rows
    again = read_mrd(file)
    assert np.allclose(again.grid.affine, raw.grid.affine, atol=1e-6)
    along = again.grid.affine[:3, :3] / again.grid.voxel
    k = again.trajectory @ along
    assert np.allclose(k[0, :, 0], (np.arange(12) - 6) / 0.012) and np.allclose(k[:, 0, 1], (np.arange(10) - 5) / 0.020)


def test_refusals(tmp_path):
    raw = scan()
    for wrong, said in (
        (replace(raw, signal=raw.signal * np.nan), "not finite"),
        (replace(raw, trajectory=raw.trajectory[:3]), "trajectory has shape"),
        (replace(raw, noise=np.eye(2)), "noise has shape"),
        (replace(raw, labels={"LIN": np.arange(6) - 1}), "65535"),
    ):
        with pytest.raises(ModelError, match=said):
            write_mrd(wrong, tmp_path / "x.mrd")
    with pytest.raises(ModelError, match="there is no MRD"):
        read_mrd(tmp_path / "none.mrd")
    with h5py.File(tmp_path / "other.h5", "w") as store:
        store["numbers"] = np.arange(3)
    with pytest.raises(ModelError, match="holds no MRD"):
        read_mrd(tmp_path / "other.h5")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_mrd(scan(3, 2, 4), tmp_path_factory.mktemp("mrd") / "a.mrd").read_bytes()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.none() | st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 7)), max_size=6))
def test_damaged_files(tmp_path, whole, cut, flips):
    files.reads_or_refuses(read_mrd, tmp_path / "d.mrd", files.damaged(whole, cut, flips), lambda raw: raw.signal)
