"""The user's settings: the tree, its text form and its migrations. Pure."""
