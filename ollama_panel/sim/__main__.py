"""The entry point of `python -m ollama_panel.sim`."""

import sys

from ollama_panel.sim.command import main

if __name__ == "__main__":
    sys.exit(main())
