"""The servers and the models of the random world, and what its clients ask for."""

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling import messages as say

GB = 10**9
MODELS = {
    "chat-a": (Role.CHAT, 5 * GB, ("completion",)),
    "chat-b": (Role.CHAT, 9 * GB, ("completion",)),
    "embed": (Role.EMBEDDING, GB // 2, ("embedding",)),
}
INSTANCES = {
    "chat-1": (Role.CHAT, 3),
    "chat-2": (Role.CHAT, 2),
    "adopted-1": (Role.CHAT, 2),
    "embedding-1": (Role.EMBEDDING, 4),
    "embedding-2": (Role.EMBEDDING, 1),
}
CONTEXTS = {"chat-1": 4096, "chat-2": 8192, "adopted-1": None, "embedding-1": 512, "embedding-2": None}
"""Their own contexts, in tokens per slot; None = nobody told."""
SOURCES = ("local", "pid 7", "pid 8", "10.0.0.1")
ASKED = (None, None, 0, 300, 2048, 6000, 8192, 8193)
PATHS = {
    Role.CHAT: ("/api/chat", "/v1/chat/completions"),
    Role.EMBEDDING: ("/api/embed", "/v1/embeddings"),
}
EFFECTIVE = {"chat-1": 2, "chat-2": 2, "adopted-1": 2, "embedding-1": 1, "embedding-2": 1}
"""The slots that the instances report once a model is loaded; fewer than configured."""
CATALOG = tuple(ModelFacts(ModelName(name), size=size, capabilities=can) for name, (_, size, can) in MODELS.items())


def facts(name: str) -> say.InstanceUp:
    """Return what an instance says of itself."""
    role, parallel = INSTANCES[name]
    return say.InstanceUp(
        InstanceId(name),
        PoolName(role.value),
        role,
        f"http://{name}",
        parallel,
        context_length=CONTEXTS[name],
        own_store=name == "chat-2",
        managed=name != "adopted-1",
    )
