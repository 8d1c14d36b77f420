"""Counter-based random numbers: a hash of (seed, patient, stream, sample), the same on every target and in any order.

The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA), applied twice."""

from __future__ import annotations

MASK = (1 << 64) - 1
GOLDEN, MIX_1, MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
STREAM = 0xD1342543DE82EF95


def mix(z: int) -> int:
    z &= MASK
    z = ((z ^ (z >> 30)) * MIX_1) & MASK
    z = ((z ^ (z >> 27)) * MIX_2) & MASK
    return z ^ (z >> 31)


def key(seed: int, patient: int) -> int:
    """What one patient starts from."""
    return mix(mix(seed + GOLDEN) + patient * GOLDEN)


def uniform(patient_key: int, stream: int, sample: int) -> float:
    """A number in [0, 1) with 52 random bits."""
    z = mix(mix(patient_key + stream * STREAM) + (sample + 1) * GOLDEN)
    return (z >> 12) * 2.0**-52
