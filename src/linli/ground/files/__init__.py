"""Uploaded files, served only through a permission check."""
