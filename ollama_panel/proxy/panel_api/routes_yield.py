"""The part of the table of the panel's API that is about the GPU given to others; see `routes`."""

from ollama_panel.proxy.panel_api.call import Operation

OPERATIONS: tuple[Operation, ...] = ()
