"""Graphics memory, one module for each vendor's way to tell."""
