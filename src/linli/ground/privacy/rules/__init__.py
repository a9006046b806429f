"""Rules of keeping: pure."""
