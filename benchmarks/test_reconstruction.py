"""Thirty iterations of compressed sensing on 256², 8 coils."""

from proband.mr.reconstruction.speed import OURS, CartesianCase


def test_cartesian_compressed_sensing(benchmark):
    case = CartesianCase()
    case.ours(OURS[case.name])  # compiles
    benchmark(case.ours, OURS[case.name])
