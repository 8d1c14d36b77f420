"""Test benches: a type test is a trial on a bench instead of a patient."""

from proband.benches.lanes import Runner, side_by_side
from proband.benches.mock_loop import dynamic_loop, mock_loop
from proband.benches.pump_curve import CurvePoint, pump_curve

__all__ = ["CurvePoint", "Runner", "dynamic_loop", "mock_loop", "pump_curve", "side_by_side"]
