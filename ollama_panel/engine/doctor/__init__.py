"""Looks at machines for the doctor, mends what it finds, and takes that back."""
