"""Indicators: how demands were answered, published by quarter."""
