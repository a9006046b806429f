"""What the law asks of whoever keeps personal data: terms after which it goes, and assessments of its uses (PIPL)."""
