"""Triage: the category or the responsible unit of a text, with a probability that can be trusted.

`reading` takes files in, `features` turns texts into numbers, `learning` makes a `model`, which predicts, `evaluation`
says how well, `storing` keeps a model in a file that cannot run code. See docs/methods/triage.md.
"""
