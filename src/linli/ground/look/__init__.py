"""Layouts and components of every page."""
