"""How an image lies whose file turns its gradients itself: read from its k-space."""

from __future__ import annotations

from itertools import permutations

import numpy as np

FLAT = 0.01  # of the largest extent of k-space: less is no extent


def slant(k: np.ndarray) -> np.ndarray | None:
    """The axes of a flat image as columns in the world (3, 3), each by the world's axis that it lies nearest to, right-handed; for
    k (readouts, samples, 3). None where the image lies along the world's axes, or k-space is no plane.

    Lines tell which way they are read; spokes and spirals look the same from all sides, and are read along the plane's nearest
    axis of the world."""
    extent = np.ptp(k.reshape(-1, 3), axis=0)
    if not (extent > FLAT * extent.max()).all():
        return None
    _, size, directions = np.linalg.svd(_moments(k.reshape(-1, 3) - k.reshape(-1, 3).mean(0)))
    if size[2] > (FLAT * size[0] ** 0.5) ** 2:
        return None
    normal = directions[2]
    _, lines, along = np.linalg.svd(_moments((k - k.mean(1, keepdims=True)).reshape(-1, 3)))
    if lines[1] < (FLAT * lines[0] ** 0.5) ** 2:
        read = along[0] - along[0] @ normal * normal
    else:
        near = int(np.abs(normal).argmin())
        read = np.eye(3)[near] - normal[near] * normal
    read /= np.linalg.norm(read)
    own = np.stack([read, np.cross(normal, read), normal], axis=1)
    own = max((own[:, list(order)] for order in permutations(range(3))), key=lambda a: np.abs(np.diag(a)).sum())
    own = own * np.where(np.diag(own) < 0, -1.0, 1.0)
    if np.linalg.det(own) < 0:
        own[:, np.abs(own.T @ normal).argmax()] *= -1
    return own


def _moments(k: np.ndarray) -> np.ndarray:
    return k.T @ k / len(k)
