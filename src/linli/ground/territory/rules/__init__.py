"""What a territory is, without Django: levels, codes, names, outlines."""
