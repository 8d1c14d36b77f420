"""The bedside monitor: what each heartbeat was, told when the next begins."""

from proband.organs.monitor.arterial_line import arterial_line
from proband.organs.monitor.by_beat import (
    chamber_by_beat,
    flow_by_beat,
    opening_by_beat,
    pressure_by_beat,
    rate_by_beat,
)
from proband.organs.monitor.capnograph import capnograph
from proband.organs.monitor.oximeter import pulse_oximeter
from proband.organs.monitor.panel import monitor
from proband.organs.monitor.work import work_by_beat

__all__ = [
    "arterial_line", "capnograph", "chamber_by_beat", "flow_by_beat", "monitor", "opening_by_beat", "pressure_by_beat",
    "pulse_oximeter", "rate_by_beat", "work_by_beat",
]  # fmt: skip
