"""The face for programs that speak a public standard, and for whoever takes the open data along."""
