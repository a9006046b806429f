"""The Django project: settings, addresses, clock and command line."""
