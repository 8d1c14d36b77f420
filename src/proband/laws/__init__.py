"""Textbook laws used by more than one organ or device."""
