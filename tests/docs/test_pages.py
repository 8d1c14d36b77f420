"""Every code block runs; the two READMEs go in step; nothing is fetched from elsewhere."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    return [text for named, text in BLOCK.findall(page.read_text(encoding="utf-8")) if named == language]


def code(text: str) -> str:
    """Without comments, which each language has its own."""
    return "\n".join(line.split("#")[0].rstrip() for line in text.splitlines())


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page", [p for p in (*READMES[:1], *PAGES) if blocks(p, "python") and "zh" not in p.parts], ids=name_of
)
def test_code_runs(page, tmp_path, monkeypatch):
    """The blocks of a page run one after the other, as a reader would run them."""
    script = tmp_path / f"{page.stem}_code.py"
    script.write_text("\n\n".join(blocks(page, "python")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script), run_name="__main__")


def test_trial_files_run(tmp_path):
    """The trial of the tutorial, with shorter times; a part of one is at least a trial's part."""
    from proband.trials import loads

    (text,) = blocks(ROOT / "docs" / "first_trial.md", "yaml")
    result = loads(re.sub(r"(settle|hold): \d+ s", r"\1: 10 s", text), "my_trial.yaml").run()
    assert result.status == "complete"
    for page in PAGES:
        for part in blocks(page, "yaml"):
            alone = "protocol" in part or "scans" in part
            who = "" if "patient:" in part else "patient: healthy_man\n"
            whole = part if alone else f"{who}{part}\nprotocol: [{{hold: 1 s}}]\nmeasures: [aorta.pressure.mean]\n"
            loads(whole, name_of(page))


def test_the_tutorials_refusal_is_what_is_said():
    from proband.trials import Refused, Trial

    (sentence,) = (t.strip() for t in blocks(ROOT / "docs" / "first_trial.md", "text"))
    data = {
        "patient": "hfref_severe",
        "values": {"right_ventricle.E_max": 0.18},
        "protocol": [{"hold": "1 s"}],
        "measures": ["aorta.pressure.mean"],
    }
    with pytest.raises(Refused) as refused:
        Trial.from_data(data).run()
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "pair",
    [READMES, *((ROOT / "docs" / p.name, p) for p in sorted((ROOT / "docs" / "zh").glob("*.md")))],
    ids=lambda pair: pair[1].name,
)
def test_languages_go_in_step(pair):
    english, chinese = (p.read_text(encoding="utf-8") for p in pair)
    shape = [re.findall(r"^(#+) ", re.sub(BLOCK, "", t), re.MULTILINE) for t in (english, chinese)]
    assert shape[0] == shape[1], "the sections are not the same."
    for language in ("python", "sh", "yaml", "text"):
        assert list(map(code, blocks(pair[0], language))) == list(map(code, blocks(pair[1], language)))
    rows = [[line.count("|") for line in t.splitlines() if line.startswith("|")] for t in (english, chinese)]
    assert rows[0] == rows[1], "the tables are not the same."
    images = [sorted(Path(i).name for i in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", t)) for t in (english, chinese)]
    assert images[0] == images[1]


def test_readme_is_short_and_begins_with_the_two_commands():
    for page in READMES:
        first = blocks(page, "sh")[0].splitlines()
        assert [line.split("#")[0].strip() for line in first] == ["make demo", "make test"]
        (trial,) = blocks(page, "python")
        assert len([line for line in trial.splitlines() if line.strip()]) <= 12


def test_commands_of_the_readme_are_known():
    from proband.cli.front import HELP

    for line in filter(None, "\n".join(blocks(READMES[0], "sh")).splitlines()):
        words = line.split()
        if words[0] == "make":
            assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
        else:
            assert words[0] == "proband" and f"\n  {words[1]} " in HELP


@pytest.mark.parametrize(
    "page", [*READMES, *PAGES, *(ROOT / n for n in ("CONTRIBUTING.md", "CHANGELOG.md"))], ids=name_of
)
def test_links_lead_somewhere(page):
    text = re.sub(BLOCK, "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        assert not target.startswith(("http:", "https:", "//")), f"{target} leads to the internet."
        assert (page.parent / target).exists(), f"{target} is not there."
    for tag in re.findall(r"<(?:img|script|link|iframe)[^>]*>", text):
        assert "//" not in tag, tag


def test_figures_are_small():
    for name in ("lvad_ramp.png", "lvad_ramp.svg", "peep_titration.png", "peep_titration.svg"):
        assert 10_000 < (ROOT / "docs" / "figures" / name).stat().st_size <= 200_000


@pytest.mark.parametrize("name", ["make_figure", "make_peep_figure"])
def test_figure_can_be_drawn_again(name, tmp_path):
    made = runpy.run_path(str(ROOT / "docs" / "figures" / f"{name}.py"), run_name="figure")
    results = made["simulate"]()
    paths = made["draw"](*(results if isinstance(results, tuple) else (results,)), tmp_path)
    assert all(p.stat().st_size <= 200_000 for p in paths)


def test_reference_is_that_of_the_schema():
    made = runpy.run_path(str(ROOT / "docs" / "make_reference.py"), run_name="reference")
    written = (ROOT / "docs" / "trial_reference.md").read_text(encoding="utf-8")
    assert written == made["text"](), "the trial reference is behind the schema; run: python docs/make_reference.py"


def test_site_builds(tmp_path):
    pytest.importorskip("mkdocs")
    options = ["build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        for source in re.findall(r"<(?:script|img|link)[^>]*?(?:src|href)=\"([^\"]+)\"", html):
            assert not source.startswith(("http", "//")), f"{page.name} loads {source}."
    assert "Where it joins" in (tmp_path / "site" / "devices" / "lvad.html").read_text(encoding="utf-8")


def test_every_patient_is_on_the_page_of_patients():
    from proband import patients
    from proband.patients.sheet import names

    for page in (ROOT / "docs" / "patients.md", ROOT / "docs" / "zh" / "patients.md"):
        text = page.read_text(encoding="utf-8")
        assert [n for n in patients.names() if f"`{n}`" not in text] == [], page
    breathing = len(names("lungs"))
    assert breathing == 14, "the number of those who breathe stands in README.md, README.zh-CN.md, docs and docs/zh."


def test_modes_and_shipped_trials_are_in_the_pages():
    from proband.devices.ventilator.modes import MODES
    from proband.trials import shipped

    pages = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "breathing.md", ROOT / "docs" / "mr.md"))
    assert [m for m in MODES if f"`{m}`" not in pages] == []
    assert [n for n in shipped() if n.startswith("mr_") and f"`{n}`" not in pages] == []


def test_decisions_have_their_headings():
    for page in sorted((ROOT / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert re.match(r"# \d{4}: ", text), page.name
        if page.name.startswith("0003"):
            continue  # has headings of its own
        found = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert found[:4] == ["Context", "Decision", "Measured", "Consequences"], page.name
