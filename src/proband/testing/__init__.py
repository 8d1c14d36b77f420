"""What every organ and every device must keep, as test classes to inherit."""

from proband.testing.contracts import HEADINGS, DeviceContract, OrganContract

__all__ = ["HEADINGS", "DeviceContract", "OrganContract"]
