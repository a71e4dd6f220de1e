"""The engine owns all state. It runs on the background loop; front ends get snapshots and await commands."""
