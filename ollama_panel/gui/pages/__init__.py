"""One widget per page; pages show snapshots, spawn commands, and do not import each other."""
