"""What the program proposes to people at the desk and at the door. It decides nothing; see docs/decisions/0031."""
