"""The writer: everything here runs on the background loop; front ends see snapshots and await commands."""
