"""Specific absorption rate, nerve stimulation, and the record of what was allowed and why."""
