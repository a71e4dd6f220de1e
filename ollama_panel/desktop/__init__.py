"""The program's place on the desktop: its entry in the menu, its icon, and its start at login, on each system."""
