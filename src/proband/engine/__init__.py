"""Bodies made to run: traced, checked, compiled, stepped."""

from proband.engine.engine import Engine
from proband.engine.failures import Failure
from proband.engine.log import Event
from proband.engine.run import Run
from proband.engine.snapshots import Snapshot
from proband.engine.window import Window

__all__ = ["Engine", "Event", "Failure", "Run", "Snapshot", "Window"]
