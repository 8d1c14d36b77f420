"""From raw data to images and maps. `reconstruct(raw, method)` is the door; `methods()` names what is behind it.

Conventions: a sample is s(k) = Σ ρ(r) S(r) exp(−2πi k·r) with k in cycles/m; spins of higher frequency f turn as
exp(−2πi f t); index n//2 of a grid axis is the centre of both image and k-space."""

from proband.mr.reconstruction.reconstruct import methods, reconstruct

__all__ = ["methods", "reconstruct"]
