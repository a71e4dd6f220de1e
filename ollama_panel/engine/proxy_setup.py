"""Puts together what opens the proxy's addresses: servers with the same gate, bodies and limits, and the take-over."""

from collections import Counter
from collections.abc import Callable

from ollama_panel.core.settings.tree import ApiKey, ProxySettings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.engine.context import Context
from ollama_panel.engine.host import ports
from ollama_panel.engine.host.addresses import urls_for_others
from ollama_panel.engine.instances.adoption import Adoption
from ollama_panel.engine.listener import Listener, Listeners
from ollama_panel.engine.replacing import Replacing
from ollama_panel.engine.servers_watch import ServersWatch
from ollama_panel.engine.store import Store
from ollama_panel.engine.takeover import TakingOver
from ollama_panel.proxy.body_storage import BodyStore
from ollama_panel.proxy.gate import Gate
from ollama_panel.proxy.identity import LookUp
from ollama_panel.proxy.server import ProxyServer


def listeners(
    context: Context, store: Store, gate: Gate, *, look_up: LookUp, errors: Counter[str], own_key: ApiKey
) -> Listeners:
    """Return the listeners; the records of both go to the store, the URL of the first to other commands, too.

    `own_key` is that of the panel's own requests.
    """
    bodies = BodyStore()

    def server(options: ProxySettings) -> ProxyServer:
        return ProxyServer(
            gate,
            options,
            context.panel,
            context.system.seconds,
            look_up=look_up,
            client_headers=lambda: store.settings.scheduling.client_headers,
            owner_of=ports.owner_of,
            bodies=bodies,
            limit=context.connections,
            own_secret=context.own_secret,
            own_key=own_key,
            errors=errors,
        )

    def show(record: ProxyRecord) -> None:
        if record.url != store.proxy.url:
            context.announce(record.url)
        store.set_proxy(record)

    first, second = (
        Listener(context.group, server, shown, context.overrides.drain_s, urls_for_others)
        for shown in (show, store.set_second_proxy)
    )
    return Listeners(first, second)


def taking_over(
    context: Context,
    store: Store,
    servers: ServersWatch,
    adoption: Adoption,
    replacing: Replacing,
    *,
    own_ports: Callable[[], set[int]],
) -> TakingOver:
    """Return what takes over the address of a server, so that the second listener has it."""
    return TakingOver(
        context.paths.takeover,
        context.paths.log.parent,
        store,
        context.client,
        change=lambda edit: context.panel.change(edit, wait=False, dry_run=False),
        refresh=servers.look_anew,
        adopt=adoption.scan,
        own_ports=own_ports,
        is_replaced=replacing.is_replaced,
        simulated=lambda: context.installation.demo,
    )
