"""Who reaches the servers, and whether clients ask where one listens."""

import msgspec

from ollama_panel.core.doctor.checks.network import CHECKS
from ollama_panel.core.doctor.facts import Facts, Listener
from ollama_panel.core.findings import EditFiles, Finding
from ollama_panel.core.notices import notice
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import KeyRule, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import (
    Assignment,
    Mistake,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    TextFile,
)

SERVICE = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service")
DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"
LINE = 'Environment="OLLAMA_HOST=0.0.0.0"'


def server(address: str, owner: Owner = SERVICE) -> FoundServer:
    return FoundServer("ollama.service", 7, 0.0, owner, address=address)


def found(facts: Facts) -> list[Finding]:
    return [one for check in CHECKS if check.blind(facts) is None for one in check.look(facts)]


def test_an_open_server_is_closed_by_the_line_that_opens_it() -> None:
    place = Place(DROP_IN, 2, LINE)
    mended = '[Service]\nEnvironment="OLLAMA_HOST=127.0.0.1"\n'
    told = notice("source.unknown", path="x")
    reading = Reading(
        SourceKind.SYSTEMD,
        DROP_IN,
        (ServerConfig("ollama.service", (Assignment("OLLAMA_HOST", "0.0.0.0", place),)),),
        mistakes=(Mistake(codes.OPEN_TO_NETWORK, told, place, "OLLAMA_HOST", mended),),
        source=Source(SourceKind.SYSTEMD, (TextFile(DROP_IN, f"[Service]\n{LINE}\n"),), "Linux", "ollama.service"),
    )
    (one,) = found(Facts(servers=(server("0.0.0.0:11434"),), sources=(reading,)))
    assert (one.id, one.evidence[1].line) == ("network.open:ollama.service", 2)
    assert isinstance(one.fix, EditFiles)
    assert one.fix.files[0][2] == mended


def test_a_unit_is_closed_by_a_drop_in_that_comes_last() -> None:
    place = Place(DROP_IN, 2, LINE)
    reading = Reading(
        SourceKind.SYSTEMD,
        DROP_IN,
        (ServerConfig("ollama.service", (Assignment("OLLAMA_HOST", "0.0.0.0", place),)),),
    )
    (one,) = found(Facts(servers=(server("0.0.0.0:11500"),), sources=(reading,)))
    assert isinstance(one.fix, EditFiles)
    ((path, before, after),) = one.fix.files
    assert path > DROP_IN
    assert (before, after) == ("", '[Service]\nEnvironment="OLLAMA_HOST=127.0.0.1:11500"\n')


def test_loopback_and_workers_of_the_panel_are_silent() -> None:
    assert found(Facts(servers=(server("127.0.0.1:11434"),))) == []
    assert found(Facts(servers=(server("0.0.0.0:11500", Owner(OwnerKind.PANEL)),))) == []


def with_proxy(**changes: object) -> Facts:
    settings = Settings()
    proxy = msgspec.structs.replace(settings.proxy, **changes)
    return Facts(snapshot=Snapshot(0.0, msgspec.structs.replace(settings, proxy=proxy)))


def test_an_open_panel_needs_keys() -> None:
    assert [one.id for one in found(with_proxy(host="0.0.0.0", require_key=KeyRule.NEVER))] == ["network.panel-open"]
    assert found(with_proxy(host="0.0.0.0")) == []
    assert found(with_proxy(require_key=KeyRule.NEVER)) == []


def test_the_port_of_the_panel_is_told_while_none_runs() -> None:
    listener = Listener("127.0.0.1", 11435, 9, "nginx")
    assert [one.id for one in found(Facts(listeners=(listener,)))] == ["network.panel-port:11435"]
    assert found(Facts(listeners=(Listener("127.0.0.1", 11435, 9, "ollama-panel"),))) == []
    assert found(Facts(listeners=(listener,), snapshot=Snapshot(0.0, Settings()))) == []


def test_commands_that_ask_where_nobody_listens_are_told() -> None:
    listener = Listener("127.0.0.1", 11434, 7, "ollama")
    facts = Facts(servers=(server("127.0.0.1:11434"),), listeners=(listener,))
    wrong = msgspec.structs.replace(facts, environment={"OLLAMA_HOST": "127.0.0.1:11436"})
    assert [one.id for one in found(wrong)] == ["network.client-address"]
    for value in ("127.0.0.1:11434", "0.0.0.0", "http://gpu-box:11434", ""):
        assert found(msgspec.structs.replace(facts, environment={"OLLAMA_HOST": value})) == []
