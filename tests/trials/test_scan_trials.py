"""Scan trials as data: what is read, what is refused in one sentence, what is kept, resumed and replayed."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.evidence.replay import replay
from proband.evidence.scan_store import ScanStore
from proband.trials import Refused, ScanTrial, Trial, load, loads, prepare, schema, shipped

TINY = """
name: tiny
patient: {phantom: knee, fields_voxel: 10 mm}
common:
  array: knee
  part: limbs
  mode: first level
  sequence: spoiled_gre
  options: {fov: [160 mm, 160 mm], matrix: [24, 24], thickness: 10 mm, TR: 150 ms, TE: 5 ms, flip: 40, spoil: 1, dummies: 1}
  anatomy: [1, 1, 1]
  points: [1, 1, 6]
scans:
  full: {}
  half: {options: {acceleration: 2, acs: 0}, truth: full, reconstruction: {method: cg-sense}}
measures:
  - full.snr(tissue)
  - full.snr(tissue) / half.snr(tissue)
  - {measure: full.nrmse, title: Error}
  - half.g_mean
criteria:
  - {measure: full.nrmse, at_most: 30 %, why: "assumed: for the test"}
  - {measure: half.g_mean, at_least: 5, why: "a bound that is not met"}
"""


def test_the_key_scans_tells_the_kind():
    assert isinstance(loads(TINY), ScanTrial)
    assert isinstance(load("tilt_healthy"), Trial)
    assert {
        "mr_brain_3t_vs_5t",
        "mr_fast_knee",
        "mr_abdomen_shim_5t",
        "mr_cine_heart_failure",
        "mr_t1_map_myocardium_5t",
    } <= set(shipped())


def test_common_lines_are_joined_and_options_get_si_units():
    plan = prepare(loads(TINY))
    full, half = plan.protocols
    assert full.options["TR"] == pytest.approx(0.15) and full.options["fov"] == (0.16, 0.16)
    assert half.options["acceleration"] == 2 and half.options["thickness"] == 0.01
    assert ScanTrial.from_data(plan.trial.as_data()).hash() == plan.trial.hash()


def test_diffusion_has_more_spins_across_a_slice():
    """Of twelve, what its lobes dephase comes back: the brain's coefficient is then a quarter too low."""
    some = "name: some\npatient: {phantom: head}\nscans: {plain: {sequence: epi}, weighted: {sequence: diffusion_epi}}\nmeasures: [plain.duration]\n"
    points = {p.name: p.points for p in prepare(loads(some)).protocols}
    assert points["plain"] == (2, 2, 12) and points["weighted"] == (2, 2, 24)


def test_the_schema_tells_both_kinds():
    found = schema()
    assert "scans" in found["$defs"]["ScanTrial"]["required"] and "protocol" in found["$defs"]["Trial"]["required"]
    assert found["$defs"]["Scan"]["properties"]["shim"]["enum"] == ["quadrature", "static", "kt-points", "spokes"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("phantom: knee", "phantom: kne", "there is no phantom 'kne' (did you mean knee?)"),
        ("array: knee", "array: elbow", "scanner_3t has no array 'elbow'"),
        ("sequence: spoiled_gre", "sequence: spoild_gre", "did you mean spoiled_gre?"),
        ("TR: 150 ms", "TR: 150 mm", "150 mm is in another unit than s"),
        ("TR: 150 ms", "TR: 150", "150 is without a unit; write it as in '150 ms'"),
        ("fov: [160 mm, 160 mm]", "FOV: [160 mm, 160 mm]", "no option 'FOV' (did you mean fov?)"),
        ("fov: [160 mm, 160 mm]", "fov: [160, 160]", "160 is without a unit"),
        ("TR: 150 ms", "TRR: 150 ms", "spoiled_gre has no option 'TRR' (did you mean TR?)"),
        ("full.snr(tissue)\n", "full.snrr(tissue)\n", "a scan has no quantity 'snrr' (did you mean snr?)"),
        ("full.snr(tissue)\n", "full.nrmse(tissue)\n", "nrmse is of the whole image"),
        ("full.snr(tissue)\n", "ful.snr(tissue)\n", "there is no scan 'ful'"),
        ("full.nrmse, at_most: 30 %", "full.nrmse, at_most: 30 ms", "no bound of full.nrmse"),
        ("truth: full", "truth: ful", "there is no scan 'ful'"),
        ("method: cg-sense", "method: cg_sense", "there is no method 'cg_sense'"),
        ("points: [1, 1, 6]", "points: [1, 6]", "write three whole numbers"),
        ("mode: first level", "mode: third level", "'third level' is not right"),
        ("fields_voxel: 10 mm", "fields_voxel: 10 ms", "10 ms is no length"),
        ("fields_voxel: 10 mm", "fields_voxel: 10 m", "10 m is not right; fields are computed on voxels of 1 to 50 mm"),
        ("method: cg-sense", "method: cg-sense, options: {iterations: 0}", "cg-sense's iterations = 0, where a whole number at least 1 is right"),
        ("method: cg-sense", "method: l1-wavelet, options: {regularisation: -1}", "l1-wavelet's regularisation = -1"),
        ("method: cg-sense", "method: tv, options: {regularization: 1.0}", "tv has no option 'regularization'"),
        ("phantom: knee", "phantom: knee, labels: a.nii", "either a phantom, or labels"),
        ("- full.snr(tissue)\n", "- full snr\n", "cannot be read"),
        ("full: {}", "full: {}\n  full: {}", "stands twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence_with_its_place(old, new, said):
    assert old in TINY
    with pytest.raises(Refused) as refused:
        prepare(loads(TINY.replace(old, new, 1), "mine.yaml"))
    text = str(refused.value)
    assert said in text and text.startswith("mine.yaml:") and "\n" not in text


def test_a_label_map_that_is_not_there_is_named():
    with pytest.raises(Refused, match=r"there is no file .*head\.nii"):
        prepare(loads(TINY.replace("phantom: knee, fields_voxel: 10 mm", "labels: head.nii, tissues: {'1': fat}")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("scan") / "out"
    result = loads(TINY).run(sink=ScanStore(out), threads=2)
    return out, result


def test_a_scan_trial_leaves_k_space_images_numbers_and_report(folder):
    out, result = folder
    assert (out / "half" / "coils.nii.gz").is_file() and not (out / "full" / "coils.nii.gz").exists()
    for name in ("kspace.mrd", "image.dcm", "image.nii.gz", "image.png", "safety.json", "sequence.seq"):
        assert (out / "full" / name).is_file()
    assert result.number("full.snr(tissue)") > 10
    # Half of the lines: the SNR falls by √2 times g.
    loss = result.number("full.snr(tissue) / half.snr(tissue)")
    assert 1.1 < loss < 2.2
    assert 1 <= result.number("half.g_mean") < 1.5
    passed, failed = result.verdicts()
    assert passed.passed is True and failed.passed is False
    report = (out / "report.html").read_text(encoding="utf-8")
    assert (
        "What was allowed" in report.replace("what", "What")
        and "data:image/png" in report
        and "http" not in report.split("<body>")[1][:2000]
    )
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    assert record["kind"] == "scan" and record["scans"][0]["safety"]["allowed"] is True


def test_the_files_hold_the_image(folder):
    from proband.mr.images.dicom import read_dicom
    from proband.mr.images.mrd import read_mrd
    from proband.mr.images.nifti import read_nifti

    out, result = folder
    data = np.abs(result.scans["full"].image.data).astype(float)
    assert np.abs(read_nifti(out / "full" / "image.nii.gz").data) == pytest.approx(
        data, rel=1e-4, abs=1e-3 * float(data.max())
    )
    # DICOM's rows and columns may run the other way: the same brightness must lie at the same place of the world.
    read, grid = read_dicom(out / "full" / "image.dcm"), result.scans["full"].image.grid
    inverse = np.linalg.inv(read.grid.affine)
    i, j, k = np.moveaxis(np.rint(grid.points() @ inverse[:3, :3].T + inverse[:3, 3]).astype(int), -1, 0)
    assert read.data[i, j, k] == pytest.approx(data, abs=1e-4 * float(data.max()))
    assert read_mrd(out / "full" / "kspace.mrd").signal == pytest.approx(result.scans["full"].raw.signal)


def test_the_file_that_a_scan_leaves_makes_its_image_again(folder, tmp_path):
    shutil.copy(folder[0] / "full" / "sequence.seq", tmp_path / "mine.seq")
    whole = TINY[: TINY.index("  half:")] + 'measures: ["full.snr(tissue)"]\n'
    options = next(line for line in whole.splitlines(keepends=True) if line.startswith("  options: {fov"))
    text = (
        whole.replace("  sequence: spoiled_gre\n", "")
        .replace(options, "")
        .replace("full: {}", "full: {file: mine.seq}")
    )
    (tmp_path / "again.yaml").write_text(text)
    again = load(tmp_path / "again.yaml").run(threads=2).scans["full"].image
    first = folder[1].scans["full"].image
    assert again.grid.affine == pytest.approx(first.grid.affine)
    assert np.abs(again.data) == pytest.approx(np.abs(first.data), abs=1e-3 * float(np.abs(first.data).max()))


def test_a_report_shows_images_without_the_array_s_shading(folder):
    from proband.mr.scans.quantities import mask
    from proband.mr.scans.shading import evened, shading
    from proband.mr.scans.truth import truth_of

    done = folder[1].scans["full"]
    inside = mask(done, "tissue")
    ideal = truth_of(done).data / shading(done.ready)  # what a receiver hears that hears all tissue alike
    spread = lambda data: (np.abs(data) / ideal)[inside].std() / (np.abs(data) / ideal)[inside].mean()  # noqa: E731
    even = evened(done.image, done.ready).data
    assert spread(even) < 0.5 * spread(done.image.data)
    film = replace(done.image, data=np.stack([done.image.data] * 2, -1))
    assert np.array_equal(evened(film, done.ready).data[..., 1], even)


def test_a_replay_gives_the_same_bits(folder):
    out, _ = folder
    found = replay(out)
    assert found.same and found.exact and found.compared > 1000


@pytest.mark.parametrize("elsewhere", [False, True], ids=["bits", "another processor"])
def test_a_replay_finds_files_that_are_not_those_of_the_scan(folder, tmp_path, elsewhere):
    import nibabel

    out = tmp_path / "out"
    shutil.copytree(folder[0], out)
    record = json.loads((out / "record.json").read_text())
    record["cpu"] = "another" if elsewhere else record["cpu"]
    (out / "record.json").write_text(json.dumps(record))
    image = nibabel.load(out / "full" / "image.nii.gz")
    nibabel.save(
        nibabel.Nifti1Image(np.asarray(image.dataobj) * 1.1, None, image.header), out / "full" / "image.nii.gz"
    )
    shutil.copy(out / "full" / "kspace.mrd", out / "half" / "kspace.mrd")
    (out / "half" / "image.dcm").unlink()
    found = replay(out)
    assert not found.same and found.exact is not elsewhere
    assert ("to 0.001 (cpu was another" if elsewhere else "bit for bit") in found.sentence()
    assert [d.split()[0] for d in found.differences] == ["full/image.nii.gz", "half/image.dcm", "half/kspace.mrd"]


def test_a_run_that_is_stopped_before_its_first_shot_says_that_nothing_was_kept(tmp_path, capsys, monkeypatch):
    from proband.cli.serving import serve
    from proband.mr.scans import chain

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(chain, "listen", stop)
    (tmp_path / "tiny.yaml").write_text(TINY)
    assert serve(["run", str(tmp_path / "tiny.yaml"), "--out", str(tmp_path / "out")]) == 130
    assert "no shot was finished yet, so nothing was kept" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_interrupted_run_keeps_its_shots_and_goes_on(tmp_path, monkeypatch, folder):
    from proband.mr.scans import chain

    monkeypatch.setattr(chain, "STRETCH", 1e6)  # many shots
    out, seen = tmp_path / "out", []

    def stop(now):
        seen.append(now.doing)
        if "shot 4" in now.doing:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loads(TINY).run(sink=ScanStore(out), progress=stop, threads=2)
    assert json.loads((out / "record.json").read_text())["status"] == "interrupted"
    with pytest.raises(Refused, match="--resume"):
        ScanStore(out)
    again = loads(TINY).run(sink=ScanStore(out, resume=True), threads=2)
    assert again.taken_over >= 3 and again.status == "complete"
    whole = loads(TINY).run(threads=2)
    assert np.array_equal(again.scans["full"].raw.signal, whole.scans["full"].raw.signal)
    assert not (out / "batches").exists()


def test_stopped_while_a_scan_is_written_it_is_written_again(tmp_path, monkeypatch):
    from proband.evidence import scan_store

    usual, stops = scan_store.write_scan, [KeyboardInterrupt]

    def written(result, name, place):
        place.mkdir(parents=True)
        if stops:
            raise stops.pop()
        place.rmdir()
        usual(result, name, place)

    monkeypatch.setattr(scan_store, "write_scan", written)
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        loads(TINY).run(sink=ScanStore(out, report=False), threads=2)
    assert json.loads((out / "record.json").read_text())["status"] == "interrupted"
    assert (out / "full" / "kspace.mrd").is_file() and [p.name for p in tmp_path.iterdir()] == ["out"]
    assert loads(TINY).run(sink=ScanStore(out, report=False, resume=True), threads=2).status == "complete"
    assert not list(out.glob("*.half"))


@pytest.mark.parametrize("region", ["cartilag", "white matter"])
def test_a_region_that_nobody_has_is_refused_before_anything_is_played(region, monkeypatch, tmp_path):
    from proband.mr.scans import chain

    monkeypatch.setattr(chain, "scan", lambda *a, **k: pytest.fail("it was played"))
    trial = loads(TINY.replace("full.snr(tissue)\n", f"full.snr({region})\n", 1), "mine.yaml")
    with pytest.raises(
        Refused, match=f"^mine.yaml:.*scan full shows no region '{region}'.* it shows tissue,"
    ) as refused:
        trial.run(sink=ScanStore(tmp_path / "out"))
    assert "\n" not in str(refused.value) and not (tmp_path / "out" / "record.json").exists()
    assert ("did you mean cartilage?" in str(refused.value)) == (region == "cartilag")


def test_a_scan_beyond_the_limits_is_refused_before_it_plays():
    with pytest.raises(Refused, match=r"nerve stimulation.*; a lower `slew` than 100 % asks less of the nerves"):
        loads(
            TINY.replace("  array: knee", "  slew: 100 %\n  array: knee").replace("mode: first level", "mode: normal")
        ).run()
