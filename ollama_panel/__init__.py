"""Ollama Panel: one machine, one GPU, many clients.

The process has two threads. The GUI thread (`gui`, Qt) sends commands and reads immutable snapshots. The engine thread
(`engine`, asyncio) owns all state and alone changes it: `engine.instances` supervises the local Ollama servers, the
scheduler (`core.scheduling`, a pure state machine) decides which request runs where, and the proxy (`proxy`) carries
requests to instances. `core` holds values and decisions, and imports no other part; `core.ollama` is what is known of
Ollama. `sim` is a simulated Ollama for demonstration and tests; `lab` compares schedulers on it for the bench command.

    core <- {proxy, sim} <- {desktop, engine, lab} <- {gui, headless, cli} <- app <- __main__
"""

__version__ = "0.1.0"
