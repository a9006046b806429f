"""邻里 Linli: the running form of one core and two dimensions (一核两维)."""
