"""Critical-care ventilators: a turbine, two valves, a circuit and their firmware."""

from proband.devices.ventilator.assembly import neonatal_ventilator, paediatric_ventilator, ventilator
from proband.devices.ventilator.modes import MODES
from proband.devices.ventilator.settings import check

DEVICES = {
    "ventilator": ventilator,
    "ventilator_paediatric": paediatric_ventilator,
    "ventilator_neonate": neonatal_ventilator,
}

__all__ = ["DEVICES", "MODES", "check", "neonatal_ventilator", "paediatric_ventilator", "ventilator"]
