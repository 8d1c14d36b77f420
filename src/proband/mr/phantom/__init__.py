"""The voxel patient: tissues by field strength, phantoms, anatomy and its motion."""
