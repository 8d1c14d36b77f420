"""The library: one sequence, or a family, in each file. The folder is the registration."""
