"""The small body of the trials' tests serves here too."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("small_body", Path(__file__).parents[1] / "trials" / "conftest.py")
_small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_small)

library, text = _small.library, _small.text
