"""Whole bodies: patients as data sheets."""
