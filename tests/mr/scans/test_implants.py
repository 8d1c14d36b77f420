"""Metal placed by a scan trial: the field is a dipole's, a gradient echo loses more around it than a spin echo, bad input is told."""

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.cli.scanning import show
from proband.mr.phantom.implants import METALS, Implant
from proband.mr.scanner.magnet import dipole_field
from proband.mr.scanner.scanner import GAMMA
from proband.mr.scans.subject import Subject
from proband.trials import Refused, ScanTrial, load
from proband.trials.scanning_plan import prepare

TRIAL = """
patient:
  phantom: acr
  fields_voxel: 10 mm
  implants:
    - {material: titanium, at: [0 mm, 0 mm, 0 mm], diameter: 10 mm}
common: {scanner: scanner_3t, anatomy: [2, 2, 1], points: [2, 2, 3], noise: false}
scans:
  gradient: {sequence: spoiled_gre, options: {fov: [200 mm, 200 mm], matrix: [40, 40], thickness: 6 mm, TR: 60 ms, TE: 10 ms, flip: 30, spoil: 1}}
  spin: {sequence: spin_echo, options: {fov: [200 mm, 200 mm], matrix: [40, 40], thickness: 6 mm, TR: 60 ms, TE: 15 ms}}
measures: [gradient.signal, spin.signal]
"""


def written(folder, text):
    (folder / "trial.yaml").write_text(text, encoding="utf-8")
    trial = load(str(folder / "trial.yaml"))
    assert isinstance(trial, ScanTrial)
    return trial


@pytest.mark.parametrize("material", list(METALS))
def test_a_ball_displaces_the_field_as_a_dipole(material):
    """Δf = γ B0 Δχ/3 (a/r)³ (3 cos²θ − 1) outside a ball, on voxels no smaller than its radius."""
    radius, ball = 8e-3, Implant(material, (0.0, 0.0, 0.0), 16e-3)
    plain, metal = (Subject("acr", coarse=5e-3, implants=i).body(3.0) for i in ((), (ball,)))
    share = METALS[material][0] + 9.05
    made = dipole_field(metal.susceptibility - plain.susceptibility, metal.grid, 3.0, outside=0.0)
    points = metal.grid.points()
    r = np.linalg.norm(points, axis=-1)
    ring = (r > 25e-3) & (r < 50e-3)
    expected = GAMMA * 3.0 * share * 1e-6 / 3 * (radius / r[ring]) ** 3 * (3 * (points[ring][:, 2] / r[ring]) ** 2 - 1)
    assert np.corrcoef(made[ring], expected)[0, 1] > 0.99
    assert np.polyfit(expected, made[ring], 1)[0] == pytest.approx(1.0, abs=0.06)


def brightness(trial):
    """Every scan's image, in one plane."""
    return {name: np.abs(np.asarray(s.image.data)).squeeze() for name, s in trial.run(threads=2).scans.items()}


def test_a_gradient_echo_loses_more_than_a_spin_echo(tmp_path):
    """What is off by more than 30 % of the surroundings is an artefact, as in ASTM F2119."""
    metal = brightness(written(tmp_path, TRIAL))
    plain = brightness(
        written(
            tmp_path, TRIAL.replace("    - {material: titanium, at: [0 mm, 0 mm, 0 mm], diameter: 10 mm}", "    []")
        )
    )
    near = (slice(10, 30), slice(10, 30))
    off = {k: np.count_nonzero(np.abs(metal[k] - plain[k])[near] > 0.3 * plain[k][near].max()) for k in metal}
    own = np.pi * 5.0**2 / 25  # the ball's section, in pixels
    assert off["gradient"] > 2 * own
    assert off["gradient"] > 1.3 * off["spin"] > 0
    middle = np.s_[19:22, 19:22]
    assert metal["gradient"][middle].mean() < 0.5 * plain["gradient"][middle].mean()


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("material: titanium", "material: titanum", "did you mean.*titanium"),
        ("diameter: 10 mm", "diameter: 10 m", "diameter must be from 1 to 500 mm"),
        ("diameter: 10 mm", "diameter: 10 mm, length: 0 mm", "above zero"),
        ("diameter: 10 mm", "diameter: 10 mm, axis: [0, 0, 0]", "points somewhere"),
        ("diameter: 10 mm", "diametre: 10 mm", "diameter"),
        ("at: [0 mm, 0 mm, 0 mm]", "at: [0 mm, 0 mm]", "three lengths"),
        ("diameter: 10 mm", "diameter: 10 s", "no length"),
    ],
)
def test_bad_implants_are_told_in_one_sentence(tmp_path, was, now, said):
    with pytest.raises(Refused, match=said):
        prepare(written(tmp_path, TRIAL.replace(was, now)))


def test_an_implant_outside_the_body_is_refused():
    from proband.model import ModelError

    away = Implant("titanium", (0.5, 0.0, 0.0), 10e-3)
    with pytest.raises(ModelError, match="outside the body"):
        Subject("acr", implants=(away,)).body(3.0)


def test_materials_are_listed_with_their_source():
    shown = show("implants")
    assert shown is not None
    assert {r["name"]: r["value"] for r in shown["rows"]}["titanium"].startswith("182 ppm")
    assert all("Schenck" in r["meaning"] for r in shown["rows"])
