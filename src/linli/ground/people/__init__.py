"""Accounts, appointments and residents."""
