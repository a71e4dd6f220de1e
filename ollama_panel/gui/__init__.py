"""The window: Qt widgets that show snapshots and await commands. Only `client` knows the engine."""
