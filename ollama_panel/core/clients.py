"""The clients of the last ten minutes, as front ends see them: who they are, what they ask for, and how they fare.

A client is known by its lasting name: all processes of one program are one client. Times are seconds of the engine's
clock. None = unknown, shown as "—".
"""

import msgspec

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.ollama.api import Dialect
from ollama_panel.core.records import RequestClass

TEST = "Ollama Panel test"
"""The name under which the panel's own tests of the way through it wait in the queue (`core.trial`)."""
SPAN_S = 600.0
"""The time that the figures of a client are about, the last ten minutes."""


class Process(msgspec.Struct, frozen=True, gc=False):
    """A process that sends requests: its `name` as people see it, and the path of its program, "" if unknown."""

    pid: int
    name: str
    program: str = ""


class Sighting(msgspec.Struct, frozen=True, gc=False):
    """What a request tells of its sender; see `ClientRecord`. `path` is "" if it is told otherwise.

    `turned_away`: it was refused because it showed no valid API key.
    """

    address: str
    process: Process | None = None
    key: str = ""
    user: str = ""
    agent: str = ""
    path: str = ""
    dialect: Dialect = Dialect.NATIVE
    turned_away: bool = False


class ClientRecord(msgspec.Struct, frozen=True):
    """One client.

    `name` is its lasting name, for which rules hold; `client` is its newest name in the queue, `process` its newest
    process and `processes` how many different ones there were, None and 0 if they are unknown: it is another machine,
    or had left before its process was known. `address` is from where it sends, `key` the name of its API key, `user`
    for whom it asks, `agent` what it says of itself (`User-Agent`); "" = not told.

    `dialects`, `paths`, `models` and `classes` are those of its requests, the newest last; `classes` are without the
    user's rule. `requests` have ended within `SPAN_S`, `failed` of them without an answer (failed or refused),
    `cancelled` because it had left; besides them `turned_away` were refused at once, because they showed no valid API
    key. `running` and `waiting` are those of now. `share` is its part of the seconds that slots have worked, 0 to 1.
    `wait_p50_s`, `wait_p95_s` and `first_token_p95_s` are seconds, right to about 5 %. `heartbeats`: its waiting
    requests got some.

    `request_class` (None = each request says its own), `weight` and `limit` (None = none) are the rules in force.
    """

    name: str
    client: ClientId
    process: Process | None = None
    processes: int = 0
    address: str = ""
    key: str = ""
    user: str = ""
    agent: str = ""
    dialects: tuple[Dialect, ...] = ()
    paths: tuple[str, ...] = ()
    models: tuple[ModelName, ...] = ()
    classes: tuple[RequestClass, ...] = ()
    requests: int = 0
    failed: int = 0
    cancelled: int = 0
    turned_away: int = 0
    running: int = 0
    waiting: int = 0
    share: float | None = None
    wait_p50_s: float | None = None
    wait_p95_s: float | None = None
    first_token_p95_s: float | None = None
    first_seen: float = 0.0
    last_seen: float = 0.0
    heartbeats: bool = True
    request_class: RequestClass | None = None
    weight: float = 1.0
    limit: int | None = None

    @property
    def let_in(self) -> bool:
        """Whether it got past the check of its key."""
        return bool(self.paths) or not self.turned_away
