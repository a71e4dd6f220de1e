"""The types of names that are shared by all layers."""

from typing import NewType

InstanceId = NewType("InstanceId", str)
"""One `ollama serve`: pool name, dash, number from 1 (`chat-1`); `adopted-11434` for one found by port."""

PoolName = NewType("PoolName", str)
"""The user's name of a pool, unique, lower case."""

RequestId = NewType("RequestId", str)
"""The value of `X-Request-ID`: the client's own, or one that the proxy generated."""

ClientId = NewType("ClientId", str)
"""The client of a request: its API key, else `X-Client-ID`, else the local process, else the address."""

ModelName = NewType("ModelName", str)
"""A model's canonical name: lower case, always with a tag (`llama3.1:8b`, `tiny:latest`)."""
