"""Bodies made to run: traced, checked, compiled, stepped."""

from proband.engine.running import Engine, Event, Failure, Run, Snapshot, Window

__all__ = ["Engine", "Event", "Failure", "Run", "Snapshot", "Window"]
