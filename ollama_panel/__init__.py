"""Ollama Panel: one machine, one GPU, many clients.

Two threads, two doors, one writer. The GUI thread (`gui`, Qt) sends commands and reads immutable snapshots; the engine
thread (`engine`, plain asyncio) owns all state: it supervises the local Ollama servers, feeds the dispatcher
(`core.scheduling`, a pure state machine) and answers the proxy (`proxy`), which carries clients' requests to instances.
`core` holds values and decisions and imports nothing of ours; `sim` is a simulated Ollama for demonstration and tests.

    core <- proxy <- engine <- {gui, headless, cli} <- app
"""

__version__ = "0.1.0"
