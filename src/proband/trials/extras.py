"""The extra of the MR system: what it needs besides, and one sentence where that is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from proband.trials.refusal import Refused

EXTRA = ("pypulseq", "finufft", "pydicom", "nibabel", "h5py", "ismrmrd")


def missing_extra(name: str) -> Refused:
    """What to say where a module of the extra is not there."""
    return Refused(f"the MR system needs {name}, which is not installed; install it with: pip install 'proband[mr]'.")


def need_extra() -> None:
    """Refuse before any work where something of the extra is missing."""
    for name in EXTRA:
        if find_spec(name) is None:
            raise missing_extra(name)
