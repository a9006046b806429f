"""Runs `main` of another module of the benchmarks within an installation, which its environment names."""

import importlib
import sys

import django

if __name__ == "__main__":
    django.setup()
    importlib.import_module(f"tools.bench.{sys.argv[1]}").main(*sys.argv[2:])
