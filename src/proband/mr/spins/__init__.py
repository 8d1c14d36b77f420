"""The Bloch equations on many spins."""
