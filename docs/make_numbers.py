"""Measures this machine and writes the table of numbers into both READMEs: `python docs/make_numbers.py`.

Runs `proband bench`, `bench breath`, `bench mr` and `proband validate`; leave the machine alone for the minutes that it takes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COLOURS = ("green", "yellow", "red")
WINGS = ("循环与人工心脏", "呼吸与 ECMO", "磁共振")  # as the board has them
MARKS = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)


def asked(*command: str) -> dict[str, Any]:
    """What `proband COMMAND --json` says."""
    done = subprocess.run(
        [sys.executable, "-m", "proband.cli", *command, "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def rounded(x: float) -> str:
    """Three digits, thousands parted."""
    digits = 2 - len(str(int(abs(x)))) + 1 if abs(x) >= 1 else 3
    return f"{round(x, digits):,.0f}" if abs(x) >= 100 else f"{x:.2g}"


def tables(bench: dict[str, Any], breath: dict[str, Any], mr: dict[str, Any], board: dict[str, Any]) -> dict[str, str]:
    """The table for each README."""
    n = {key: rounded(bench[key]) for key in bench if isinstance(bench[key], float)}
    b = {key: rounded(breath[key]) for key in breath if isinstance(breath[key], float)}
    g = {key: f"{mr[key] / 1e9:.1f}" for key in ("bloch_f32_spin_steps_per_s", "bloch_f64_spin_steps_per_s")}
    seconds = {
        key: "–" if mr[key] is None else f"{mr[key]:.2g}" for key in mr if key.endswith("_s") and "per_s" not in key
    }
    error = f"{bench['max_relative_error']:.1e}".replace("e-0", "e-")
    rows, shares = board["validation_rows"], _shares(board["counts"]["validation"])
    wings = [(of["validation_rows"], _shares(of["counts"])) for of in board["wings"].values()]
    english = (
        ("what", "measured"),
        ("one patient, one core", f"{n['one_patient_realtime_factor']} × real time (SciPy's LSODA on the same equations: {n['lsoda_realtime_factor']} ×)"),
        ("4,096 patients, per core", f"{n['cohort_patient_seconds_per_cpu_second']} patient-seconds per second of processor time"),
        ("compile, first time / again", f"{n['compile_cold_s']} s / {n['compile_warm_s']} s"),
        ("a new patient to steady state", f"{n['settle_s']} s"),
        ("lungs, gases and a ventilator: one patient / 4,096, per core", f"{b['one_patient_realtime_factor']} × real time / {b['cohort_patient_seconds_per_cpu_second']} patient-seconds per second"),
        ("Bloch equations, four cores, float32 / float64", f"{g['bloch_f32_spin_steps_per_s']} / {g['bloch_f64_spin_steps_per_s']} thousand million spin-steps per second"),
        ("256² × 8 coils, 16 spins a voxel, scanned and reconstructed", f"{seconds['full_scan_s']} s"),
        ("compressed sensing, Cartesian R = 4 / radial (BART in the same run)", f"{seconds['cs_cartesian_s']} s / {seconds['radial_l1_s']} s ({seconds['bart_cs_cartesian_s']} s / {seconds['bart_radial_l1_s']} s)"),
        ("largest error of any state over 10 s at the 1-ms step", f"{error} of its peak"),
        (f"scoreboard: {rows} published numbers that count", _english(shares)),
        *((f"of these, {wing}: {count}", _english(of)) for wing, (count, of) in zip(board["wings"], wings, strict=True)),
    )  # fmt: skip
    chinese = (
        ("项目", "实测"),
        ("一位患者，单核", f"实时的 {n['one_patient_realtime_factor']} 倍（SciPy 的 LSODA 解同一组方程：{n['lsoda_realtime_factor']} 倍）"),
        ("4,096 位患者，每个核心", f"每秒处理器时间 {n['cohort_patient_seconds_per_cpu_second']} 患者·秒"),
        ("编译，首次 / 再次", f"{n['compile_cold_s']} s / {n['compile_warm_s']} s"),
        ("新患者达到稳态", f"{n['settle_s']} s"),
        ("肺、气体与呼吸机：一位患者 / 4,096 位，每核", f"实时的 {b['one_patient_realtime_factor']} 倍 / 每秒 {b['cohort_patient_seconds_per_cpu_second']} 患者·秒"),
        ("Bloch 方程，四核，float32 / float64", f"每秒 {g['bloch_f32_spin_steps_per_s']} / {g['bloch_f64_spin_steps_per_s']} ×10⁹ 自旋步"),
        ("256² × 8 线圈、每体素 16 个自旋，扫描加重建", f"{seconds['full_scan_s']} s"),
        ("压缩感知，笛卡尔 R = 4 / 径向（同次运行的 BART）", f"{seconds['cs_cartesian_s']} s / {seconds['radial_l1_s']} s（{seconds['bart_cs_cartesian_s']} s / {seconds['bart_radial_l1_s']} s）"),
        ("1 ms 步长、10 s 内任一状态量的最大误差", f"峰值的 {error}"),
        (f"记分板：计入的 {rows} 个已发表数值", _chinese(shares)),
        *((f"其中{wing}：{count}", _chinese(of)) for wing, (count, of) in zip(WINGS, wings, strict=True)),
    )  # fmt: skip
    return {"README.md": _markdown(english), "README.zh-CN.md": _markdown(chinese)}


def _shares(tally: dict[str, int]) -> dict[str, str]:
    """How many of each colour, and of how many percent."""
    of = sum(tally[c] for c in COLOURS)
    return {c: f"{tally[c]} ({100 * tally[c] / of:.0f} %)" for c in COLOURS}


def _english(shares: dict[str, str]) -> str:
    return f"green {shares['green']}, yellow {shares['yellow']}, red {shares['red']}"


def _chinese(shares: dict[str, str]) -> str:
    return f"绿 {shares['green']}，黄 {shares['yellow']}，红 {shares['red']}"


def _markdown(lines: tuple[tuple[str, str], ...]) -> str:
    head, *rest = (f"| {a} | {b} |" for a, b in lines)
    return "\n".join([head, "|---|---|", *rest]) + "\n"


if __name__ == "__main__":
    for name, table in tables(
        asked("bench"), asked("bench", "breath"), asked("bench", "mr"), asked("validate")
    ).items():
        page = ROOT / name
        page.write_text(
            MARKS.sub(lambda m, table=table: m[1] + table + m[2], page.read_text(encoding="utf-8")), encoding="utf-8"
        )
        print(table)
