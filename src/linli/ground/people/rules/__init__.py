"""Rules of people: pure, without rows."""
