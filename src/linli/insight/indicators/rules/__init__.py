"""The rules of indicators, without any framework."""
