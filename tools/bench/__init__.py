"""The benchmarks of the house: `make bench`. What is measured, and how, is told by docs/benchmarks.md."""
