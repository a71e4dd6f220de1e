"""A simulated Ollama, good enough to develop, to demonstrate and to judge policies on.

`service_time` says how long one step of a batch takes, `machine` is a pure discrete-event model of Ollama's scheduler
and its runners on one GPU (virtual or real time, the same code), `server` puts one instance of it behind Ollama's HTTP
API.

    python -m ollama_panel.sim serve        takes the environment variables of `ollama serve`
"""
