"""The shipped ramp test on the sheet's own patient, without the match and in coarse steps: the valve still opens at low speed."""

import numpy as np

from proband.trials import Range, Step, load


def test_the_pump_takes_over_from_a_valve_that_still_opens():
    shipped = load("lvad_ramp")
    speeds = Range(from_="4800 rpm", to="6000 rpm", by="400 rpm")
    ramp = shipped.model_copy(
        update={
            "match": None,
            "settle": "60 s",
            "protocol": [Step(name="ramp", ramp={"lvad.speed": speeds}, hold="30 s", window="20 s")],
            "criteria": [],
            "report": shipped.report.model_copy(update={"directions": []}),
        }
    ).run()
    opened = ramp.of("monitor.valve_open.mean")[0]
    assert opened[0] > 5  # % of the time
    assert np.all(np.diff(opened) <= 0)
    assert opened[-1] == 0
    assert np.all(np.diff(ramp.of("lvad.flow.mean")[0]) > 0)
    # With the valve shut, what the pump gives is the whole output.
    assert abs(ramp.of("monitor.cardiac_output.mean")[0][-1] - ramp.of("lvad.flow.mean")[0][-1]) < 0.1
    assert ramp.of("monitor.wedge.mean")[0][-1] < ramp.of("monitor.wedge.mean")[0][0] - 5
