"""The first run in the window: its steps take the place of the pages until the user has gone through them."""
