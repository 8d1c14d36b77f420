"""Without the extra of the MR system its trials are refused before any work, and commands say what to install."""

import pytest

from proband.trials import Refused, extras, load, prepare


def test_a_scan_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(extras, "EXTRA", ("numpy", "no_such_module"))
    with pytest.raises(Refused, match=r"needs no_such_module.*pip install 'proband\[mr\]'"):
        prepare(load("mr_fast_knee"))


def test_a_command_that_meets_the_gap_later_says_the_same(monkeypatch, tmp_path, capsys):
    from proband.cli.serving import serve

    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    raw = tmp_path / "raw.mrd"
    raw.write_bytes(b"\x89HDF")
    assert serve(["recon", str(raw), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("proband: the MR system needs h5py") and said.count("\n") == 1
