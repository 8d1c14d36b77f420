"""The imaging wing: from a pulse sequence to an image, on a virtual scanner and a virtual patient.

Arrays are plain NumPy in SI units (m, s, T, Hz, rad, W/kg); every docstring gives shapes and units."""
