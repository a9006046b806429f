"""Departments, street offices and their units, committees, social organizations."""
