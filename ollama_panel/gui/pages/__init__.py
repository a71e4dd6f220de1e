"""One widget per page; pages show snapshots, spawn commands, and do not know each other."""
