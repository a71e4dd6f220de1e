"""The events of the dispatcher about instances and the models in their memory; see `messages`."""

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.message import Message


class InstancePlanned(Message, frozen=True):
    """An instance is about to start: requests meant for its pool may wait for it instead of going to another pool."""

    instance: InstanceId
    pool: PoolName
    role: Role
    models: tuple[ModelName, ...] = ()


class InstanceUp(Message, frozen=True):
    """An instance answers, or its facts changed. `parallel` = slots per model, 1 when unknown.

    `models` are the names meant for its pool; empty = any. If `parallel_known` is false, `parallel` is a guess and more
    slots are probed for. If an instance that is up gets another `url`, a new process has taken its place: requests in
    flight go on at the old one, the models are those of the new one. `store` are the models that it has on disk, None =
    the same as all others, or unknown; `own_store`: it is not the store of the panel's first worker, but that of the
    instance `store_id`, None = its own; instances of one `store_id` have the same models. `context_length` (tokens per
    slot), `cache_type` and `flash_attention` (None = Ollama decides) come from its environment, `version` is Ollama's,
    "" if unknown; a model's memory depends on them. `keep_alive_s`: how long it keeps a model for requests that do not
    say; negative = for ever. `managed` is false for an adopted server, which other programs use, too. `silent` are the
    loaded models whose runners do not answer. `num_batch` is the batch size of its pool in tokens, None = Ollama
    decides. `pinned` are the models that its pool keeps in memory. `keep_alive` is how long its pool keeps models, in
    Ollama's words for a request, whatever clients ask for; "" = as they ask. `started_keep_alive_s` is what its process
    takes for `keep_alive_s` as long as nobody tells it otherwise, None = the same. `most_loaded` is how many models it
    has in memory at once (`OLLAMA_MAX_LOADED_MODELS`), None = unknown.
    """

    instance: InstanceId
    pool: PoolName
    role: Role
    url: str
    parallel: int
    models: tuple[ModelName, ...] = ()
    context_length: int | None = None
    parallel_known: bool = True
    store: tuple[ModelName, ...] | None = None
    own_store: bool = False
    store_id: InstanceId | None = None
    cache_type: str = "f16"
    flash_attention: bool | None = None
    keep_alive_s: float = 300.0
    version: str = ""
    managed: bool = True
    silent: tuple[ModelName, ...] = ()
    num_batch: int | None = None
    pinned: tuple[ModelName, ...] = ()
    keep_alive: str = ""
    started_keep_alive_s: float | None = None
    most_loaded: int | None = None


class InstanceDown(Message, frozen=True):
    """An instance is down; each request that ran there is reported by a `Failed` of its own.

    `removed`: it will not come back under this name (its pool shrank, or the user stopped it). `stopped`: the user may
    start it again.
    """

    instance: InstanceId
    removed: bool = False
    stopped: bool = False


class Draining(Message, frozen=True):
    """An instance gets no new requests (`on`), or gets them again; running requests continue."""

    instance: InstanceId
    on: bool


class Probing(Message, frozen=True):
    """The watchdog asks a model at an instance for a tiny answer, which holds a slot (`on`), or does so no more."""

    instance: InstanceId
    model: ModelName
    on: bool


class Loaded(Message, frozen=True):
    """A model is loaded at an instance; `bytes` is its size in memory.

    `parallel` are its effective slots, `context` the tokens of each; None = unknown.
    """

    instance: InstanceId
    model: ModelName
    bytes: int = 0
    parallel: int | None = None
    context: int | None = None
