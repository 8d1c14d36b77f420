"""Thille 2009: how late thirteen intensive care ventilators answer in pressure support."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "A test lung whose efforts are small to ordinary: the laboratory's ventilator, which is of no make."


def delay():
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("savary_2020_bench", Path(__file__).with_name("savary_2020.py"))
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    return bench.delay((1.0, 1.5, 2.0), (50.0,), R=5.0, mode="PSV")


def experiment(lab: Lab):
    late = lab.bench(delay)
    return lambda: {"thille-delay": late()}


if __name__ == "__main__":
    tell(__file__)
