"""Puts exports into force on this machine or on another one by ssh, proves them, and goes back."""
