"""The window: Qt widgets that show snapshots and send commands. Only `client` imports the engine."""
