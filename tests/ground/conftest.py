"""Fixtures that several tests of the ground share."""

from tests.ground.recording import replied, tamper

__all__ = ["replied", "tamper"]
