"""A simulated Ollama, realistic enough for development, for demonstrations and for the comparison of policies.

`machine` is a pure discrete-event model of Ollama's scheduler and its runners on one GPU, the same code in virtual and
in real time; `machine.service_time` models how long one step of a batch takes. `http` serves one instance of the
machine through Ollama's HTTP API.

    python -m ollama_panel.sim serve        reads the environment variables of `ollama serve`
"""
