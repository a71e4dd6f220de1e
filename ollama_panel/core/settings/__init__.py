"""What the user decides: the tree, its text form, its migrations, and what a change of it would do. Pure."""
