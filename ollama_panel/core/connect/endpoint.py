"""What the guides take from the state of the panel: its address, models to ask for, and the time-out."""

from collections.abc import Iterable, Set

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Place
from ollama_panel.core.connect.timeouts import client_timeout, slowest
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts, is_embedding
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.addresses import is_every_address, local_url
from ollama_panel.core.snapshot import RequestRecord, Snapshot

KEY_TO_FILL_IN = "YOUR-KEY"
"""What stands in the texts for a key that is needed and not made yet."""
EXAMPLE_MODEL, EXAMPLE_EMBEDDING_MODEL = "llama3.2:1b", "all-minilm"
"""Small models of Ollama's library, for a machine without models."""


def endpoint_of(
    snapshot: Snapshot, *, key: str = "", system: ClientSystem = ClientSystem.LINUX, place: Place = Place.HERE
) -> Endpoint:
    """Return the address of the panel, the chat, tool and embedding model used last or else first, and the time-out.

    `key` is the one for the program, `KEY_TO_FILL_IN` if it needs one that is still to be made. `system` and `place`
    are those of the program. Raises PanelError if it runs on another machine, and the panel cannot be reached there.
    """
    url, note = _address(snapshot, system, place)
    models = [facts for facts in snapshot.models if not facts.remote]
    chats = [facts for facts in models if not is_embedding(facts)]
    chat = _used_last(snapshot, chats, embedding=False)
    tool = _used_last(snapshot, [facts for facts in chats if "tools" in facts.capabilities], embedding=False)
    embedding = _used_last(snapshot, [facts for facts in models if is_embedding(facts)], embedding=True)
    return Endpoint(
        url=url,
        timeout=client_timeout(slowest((*snapshot.finished, *snapshot.requests), snapshot.at)),
        key=key,
        model=chat or EXAMPLE_MODEL,
        embedding_model=embedding or EXAMPLE_EMBEDDING_MODEL,
        tool_model=tool,
        context=_context(snapshot, {chat, tool}),
        system=system,
        note=note,
    )


def _address(snapshot: Snapshot, system: ClientSystem, place: Place) -> tuple[str, Notice | None]:
    """Return the address for a program, and what that needs to be reached.

    A container on Linux has a loopback address of its own, unless it shares the machine's network.
    """
    proxy, settings = snapshot.proxy, snapshot.settings.proxy
    here = proxy.url or local_url(settings.host, settings.port)
    open_to_others = next(iter(proxy.others), "" if texts.is_loopback_url(here) else here)
    if place is Place.HERE:
        return here, None
    if place is Place.ELSEWHERE:
        if not open_to_others:
            local = texts.is_loopback_url(here) and not is_every_address(settings.host)
            raise PanelError(notice("connect.only_here" if local else "connect.not_listening"))
        return open_to_others, None
    inside = texts.from_container(open_to_others or here, system)
    return inside, notice("connect.note.container") if texts.is_loopback_url(inside) else None


def _used_last(snapshot: Snapshot, known: Iterable[ModelFacts], *, embedding: bool) -> str:
    names = [facts.name for facts in known]
    used = (one.model for one in reversed((*snapshot.finished, *snapshot.requests)) if _embeds(one) is embedding)
    return next((name for name in used if name in names), names[0] if names else "")


def _embeds(request: RequestRecord) -> bool:
    return request.request_class is RequestClass.EMBEDDING


def _context(snapshot: Snapshot, models: Set[str]) -> int | None:
    """Return the tokens that a request of the models has for certain: where one is loaded, else where it would be."""
    loaded = [one.context_length for instance in snapshot.instances for one in instance.models if one.name in models]
    known = [tokens for tokens in loaded if tokens]
    if not known:
        pools = [pool for pool in snapshot.settings.pools if pool.role is not Role.EMBEDDING]
        known = [pool.context_length for pool in pools if pool.context_length]
    return min(known, default=None)
