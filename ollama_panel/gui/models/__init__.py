"""Table models of the records of a snapshot; unchanged records are recognised by identity."""
