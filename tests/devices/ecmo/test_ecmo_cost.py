"""What the circuit costs in each step of the solver."""

from proband import patients
from proband.devices.ecmo import ecmo
from proband.engine import Engine


def test_one_drain_and_one_return_cost_less_than_120_operations():
    body = patients.load("healthy_man")
    alone, supported = (
        Engine(b, observe=["aorta.pressure"]).program.operations()["right-hand side"]
        for b in (body, body.attach(ecmo=ecmo("right_atrium", "leg_arteries")))
    )
    assert supported - alone <= 120
