"""Rows of the tables of more than one sequence: undersampling, and what makes a slice a volume."""

from __future__ import annotations

from proband.mr.sequence.options import option

PARTITIONS = option(1, "", "more than 1: 3-D", least=1)
ACCELERATION = option(1.0, "", "share of lines left out: 1/R are measured", least=1)
PATTERN = option("uniform", ("uniform", "caipi", "poisson", "random"), "of undersampling")  # of two phase-encoded axes
LINE_PATTERN = option("uniform", ("uniform", "random"), "of undersampling")
ACS = option(24, "lines", "measured fully in the middle")
PARTIAL_FOURIER = option(1.0, "", "share of lines measured at all", least=0.5)
SEED = option(0, "", "of random patterns")
