"""What a machine is asked: scripts of `sh`, each with the pure reader of what it prints.

A script changes nothing, asks nobody for a password, and goes on where something is missing.
"""
