"""The tables of `territory` as they came to be."""
