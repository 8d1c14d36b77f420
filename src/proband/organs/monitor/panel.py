"""The monitor's panel: the parts that watch, and the names under which the ward knows their numbers."""

from collections.abc import Sequence

from proband.model import Assembly
from proband.organs.monitor.by_beat import (
    chamber_by_beat,
    flow_by_beat,
    opening_by_beat,
    pressure_by_beat,
    rate_by_beat,
)
from proband.organs.monitor.work import work_by_beat

TELLS = {
    "heart_rate": ".rate.heart_rate",
    "systolic": ".arterial.systolic",
    "diastolic": ".arterial.diastolic",
    "mean_arterial": ".arterial.mean",
    "pulse_pressure": ".arterial.pulse",
    "central_venous": ".venous.mean",
    "pulmonary_systolic": ".pulmonary.systolic",
    "pulmonary_diastolic": ".pulmonary.diastolic",
    "pulmonary_mean": ".pulmonary.mean",
    "wedge": ".left_atrial.mean",  # a wedged catheter reads the left atrium
    "left_systolic": ".left.systolic",
    "left_end_diastolic": ".left.end_diastolic",
    "left_end_diastolic_volume": ".left.EDV",
    "left_end_systolic_volume": ".left.ESV",
    "ejection_fraction": ".left.ejection_fraction",
    "right_systolic": ".right.systolic",
    "right_end_diastolic": ".right.end_diastolic",
    "right_end_diastolic_volume": ".right.EDV",
    "right_end_systolic_volume": ".right.ESV",
    "right_ejection_fraction": ".right.ejection_fraction",
    "native_flow": ".native.mean",  # through the aortic valve
    "stroke_volume": ".native.volume",
    "forward_volume": ".native.forward",
    "right_output": ".lungs.mean",  # through the pulmonary valve
    "cardiac_output": ".systemic.mean",  # through all systemic beds, whatever drives it
    "valve_open": ".valve.share",
    "stroke_work": ".work.SW",
    "pressure_volume_area": ".work.PVA",
    "oxygen_use": ".work.MVO2",
}


def monitor(beds: Sequence[str], count: str = "heart.count") -> Assembly:
    """The panel of a body with the usual names. `beds`: the paths whose flows together are the cardiac output."""

    def ventricle(side: str):
        return chamber_by_beat(count=count, pressure=f"{side}_ventricle.pressure", volume=f"{side}_ventricle.volume")

    return Assembly(
        {
            "rate": rate_by_beat(count=count),
            "arterial": pressure_by_beat(count=count, pressure="aorta.pressure"),
            "venous": pressure_by_beat(count=count, pressure="right_atrium.pressure"),
            "pulmonary": pressure_by_beat(count=count, pressure="pulmonary_artery.pressure"),
            "left_atrial": pressure_by_beat(count=count, pressure="left_atrium.pressure"),
            "left": ventricle("left"),
            "right": ventricle("right"),
            "native": flow_by_beat(count=count, a="aortic_valve.flow"),
            "lungs": flow_by_beat(count=count, a="pulmonary_valve.flow"),
            "systemic": flow_by_beat(count=count, **{row: f"{bed}.flow" for row, bed in zip("abcdefg", beds)}),
            "valve": opening_by_beat(count=count, opening="aortic_valve.opening"),
            "work": work_by_beat(
                count=count,
                across="left_ventricle.transmural",
                stretch="left_ventricle.stretch",
                volume="left_ventricle.volume",
            ),
        },
        TELLS,
    )
