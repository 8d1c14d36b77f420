"""Proband: an open virtual test laboratory. A medical device meets virtual patients, and evidence comes out."""

__version__ = "0.1.0"
