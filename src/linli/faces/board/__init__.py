"""The face for those who answer for a district, a street or a community: how things go, at a glance."""
