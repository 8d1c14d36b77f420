"""MRD files as scanners' converters write them, made with the ismrmrd package: what is no line of the image is left aside, oversampled
phase encoding, reversed readouts and interleaved slices fall where they belong."""

import numpy as np
import pytest

pytest.importorskip("ismrmrd")

import ismrmrd

from proband.mr.images.mrd import read_mrd
from proband.mr.reconstruction import reconstruct

N, WIDE = 32, 0.256  # voxels and field of view (m) of the image that is asked for


def box(n, over):
    """An object that is nobody's mirror image, on a field `over` times as wide."""
    x = (np.arange(n) - n // 2) * over * N / n
    return lambda low, high: (x >= low) & (x < high)


def write(path, *, wide=1.0, reverse=False, other=False, clutter=False, slices=1, uneven=False, slabs=1):
    x, y = box(2 * N, 2), box(round(N * wide), wide)
    image = np.outer(x(-9, 4), y(-5, 11)) + np.outer(x(-2, 3), y(1, 4)).astype(complex)
    lines = np.fft.fftshift(np.fft.fft2(np.fft.ifftshift(image), norm="ortho")).T  # (lines, samples)
    kind = ismrmrd.xsd

    def space(nx, ny, fx, fy):
        return kind.encodingSpaceType(
            matrixSize=kind.matrixSizeType(x=nx, y=ny, z=slabs),
            fieldOfView_mm=kind.fieldOfViewMm(x=fx * 1e3, y=fy * 1e3, z=5),
        )

    centre = kind.limitType(minimum=0, maximum=len(lines) - 1, center=len(lines) // 2)
    encoding = kind.encodingType(
        trajectory=kind.trajectoryType.CARTESIAN, encodedSpace=space(2 * N, len(lines), 2 * WIDE, wide * WIDE),
        reconSpace=space(N, N, WIDE, WIDE), encodingLimits=kind.encodingLimitsType(kspace_encoding_step_1=centre),
    )  # fmt: skip
    header = kind.ismrmrdHeader(
        experimentalConditions=kind.experimentalConditionsType(H1resonanceFrequency_Hz=127_700_000)
    )
    header.encoding += [encoding] * (1 + other)
    store = ismrmrd.Dataset(str(path), "dataset", create_if_needed=True)
    store.write_xml_header(header.toXML("utf-8"))

    def put(samples, line=0, slice_=0, flags=(), space=0):
        row = ismrmrd.Acquisition.from_array(np.atleast_2d(samples).astype(np.complex64))
        row.sample_time_us, row.center_sample, row.encoding_space_ref = 5, N, space
        row.idx.kspace_encode_step_1, row.idx.slice = line, slice_
        row.read_dir[:], row.phase_dir[:], row.slice_dir[:] = (1, 0, 0), (0, 1, 0), (0, 0, 1)
        row.position[:] = (30, -20, (slice_ * 7 + (3 if uneven and slice_ == 2 else 0)) if slices > 1 else 0)
        for flag in flags:
            row.setFlag(flag)
        store.append_acquisition(row)

    if clutter:
        put(np.ones(7), flags=[ismrmrd.ACQ_IS_NOISE_MEASUREMENT])
        put(np.ones(2 * N), flags=[ismrmrd.ACQ_IS_DUMMYSCAN_DATA])
        put(np.ones(9), flags=[ismrmrd.ACQ_IS_NAVIGATION_DATA])
    if other:
        put(np.ones(N // 2), space=1)
    for z in [*range(0, slices, 2), *range(1, slices, 2)]:
        for n, line in enumerate(lines):
            back = reverse and n % 2
            flags = [ismrmrd.ACQ_IS_REVERSE] if back else []
            put((1 + z) * (line[::-1] if back else line), n, z, flags)
    store.close()
    inside = image[N // 2 : 3 * N // 2]
    return np.abs(inside)


@pytest.mark.parametrize(
    "how", [{}, {"wide": 1.25}, {"reverse": True}, {"other": True}, {"clutter": True}, {"slices": 3}], ids=str
)
def test_the_object_lies_where_it_is(tmp_path, how):
    truth = write(tmp_path / "a.mrd", **how)
    raw = read_mrd(tmp_path / "a.mrd")
    found = np.abs(reconstruct(raw).data)
    assert found.shape == (N, round(N * how.get("wide", 1)), how.get("slices", 1))
    assert raw.grid.voxel[:2] == pytest.approx((WIDE / N, WIDE / N))
    for z in range(found.shape[2]):
        assert np.allclose(found[..., z] / found.max(), truth * (z + 1) / truth.max() / found.shape[2], atol=1e-3)
    assert raw.grid.points().reshape(-1, 3).mean(0)[:2] == pytest.approx((-0.030, 0.020))


def test_slices_lie_where_their_headers_say(tmp_path):
    write(tmp_path / "a.mrd", slices=3)
    grid = read_mrd(tmp_path / "a.mrd").grid
    assert np.allclose(grid.points()[0, 0, :, 2], [0, 7e-3, 14e-3], atol=1e-9)


@pytest.mark.parametrize(
    ("how", "said"), [({"uneven": True}, "uneven distances"), ({"slabs": 2}, "several slabs")], ids=["uneven", "slabs"]
)
def test_what_makes_no_one_grid_is_refused(tmp_path, how, said):
    write(tmp_path / "a.mrd", slices=3, **how)
    with pytest.raises(ValueError, match=said) as refused:
        read_mrd(tmp_path / "a.mrd")
    assert "\n" not in str(refused.value)
