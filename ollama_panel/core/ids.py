"""The names by which the parts of the program speak of the same thing."""

from typing import NewType

InstanceId = NewType("InstanceId", str)
"""One `ollama serve`: pool name, dash, number from 1 (`chat-1`); `adopted-11434` for one found by port."""

PoolName = NewType("PoolName", str)
"""The user's name of a pool, unique, lower case."""

RequestId = NewType("RequestId", str)
"""What `X-Request-ID` says: the client's own, or one the proxy made."""

ClientId = NewType("ClientId", str)
"""Who sent a request: API key, else `X-Client-ID`, else the local process, else the address."""

ModelName = NewType("ModelName", str)
"""A model's canonical name: lower case, always with a tag (`llama3.1:8b`, `tiny:latest`)."""
