"""What a reform is on paper: pure."""
