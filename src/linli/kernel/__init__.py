"""What every part of the district computes with: working days, dated rules, identity codes."""
