"""The bedside monitor: what each heartbeat was, told when the next begins."""

from proband.organs.monitor.by_beat import (
    chamber_by_beat,
    flow_by_beat,
    opening_by_beat,
    pressure_by_beat,
    rate_by_beat,
)
from proband.organs.monitor.panel import monitor
from proband.organs.monitor.work import work_by_beat

__all__ = [
    "chamber_by_beat", "flow_by_beat", "monitor", "opening_by_beat", "pressure_by_beat", "rate_by_beat", "work_by_beat",
]  # fmt: skip
