"""Attacks on a running panel under load: `test_attacks.py` tries each once, `python -m tests.chaos` goes on."""
