"""Numerical methods, without any framework."""
