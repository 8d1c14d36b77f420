"""Blood as a carrier of gases: what its contents mean as pressures, and how gases cross into it."""

from proband.organs.blood.chemistry import blood, blood_gas
from proband.organs.blood.crossing import diffusion, dissolving
from proband.organs.blood.mixture import gas_mixture

__all__ = ["blood", "blood_gas", "diffusion", "dissolving", "gas_mixture"]
