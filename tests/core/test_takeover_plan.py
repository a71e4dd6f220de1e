"""The plan of a take-over: who is moved, what the panel does then, what is said of it, and the settings that follow."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import KeyRule, ProxySettings, Settings
from ollama_panel.core.takeover import StepKind, TakeoverStage
from ollama_panel.core.takeover_plan import Plan, plan_of, server_at, way_back
from ollama_panel.core.takeover_steps import Place

ADDRESS, MOVED = "127.0.0.1:11434", "127.0.0.1:11436"
BY_HAND = FoundServer("812", 812, 1.0, Owner(OwnerKind.BY_HAND, "bash"), user="me", ours=True, address=ADDRESS)


def plan(server: FoundServer | None = BY_HAND, address: str = ADDRESS, settings: Settings = Settings()) -> Plan:  # noqa: B008 - immutable
    return plan_of(server, address, MOVED, settings, Place())


def owned(kind: OwnerKind, **more: object) -> FoundServer:
    return msgspec.structs.replace(BY_HAND, owner=Owner(kind, "one"), **more)


def told(made: Plan) -> list[str]:
    return [one.code for one in made.takeover.told]


def test_the_server_at_a_port_is_found_wherever_it_listens_but_no_worker_is_it() -> None:
    worker = msgspec.structs.replace(BY_HAND, owner=Owner(OwnerKind.PANEL))
    everywhere = msgspec.structs.replace(BY_HAND, address="0.0.0.0:11434")
    assert server_at((worker,), 11434) is None
    assert server_at((worker, everywhere), 11434) is everywhere
    assert server_at((everywhere,), 11435) is None


def test_a_server_that_does_not_tell_its_address_is_known_by_the_user_who_listens_there() -> None:
    silent = msgspec.structs.replace(BY_HAND, address=None, user="alice")
    assert server_at((silent,), 11434) is None
    found = server_at((silent, BY_HAND), 11435, {"alice"})
    assert found is not None
    assert (found.pid, found.address, found.url) == (812, "127.0.0.1:11435", "http://127.0.0.1:11435")
    assert server_at((silent, silent), 11434, {"alice"}) is None, "it may be either"


def test_the_panel_uses_the_server_before_it_listens_at_its_address() -> None:
    made = plan()
    assert [step.kind for step in made.takeover.steps] == [StepKind.STOP, StepKind.START, StepKind.USE, StepKind.LISTEN]
    assert made.takeover.stage is TakeoverStage.PLANNED
    proxy = made.settings.proxy
    assert (proxy.port, proxy.second_host, proxy.second_port) == (11435, "127.0.0.1", 11434)
    assert made.settings.ollama.adopt
    assert render(made.takeover.told[0]) == (
        "Ollama (by hand, in bash) moves from 127.0.0.1:11434 to 127.0.0.1:11436, and the panel listens at "
        "127.0.0.1:11434: what calls it there goes through the queue, without any change."
    )
    assert told(made)[1:] == [
        "takeover.breaks",
        "takeover.both",
        "takeover.by_hand_returns",
        "takeover.way_back",
    ]


def test_where_nobody_listens_nothing_is_moved() -> None:
    made = plan(None)
    assert ([step.kind for step in made.takeover.steps], made.takeover.moved_to) == ([StepKind.LISTEN], "")
    assert told(made) == ["takeover.nobody", "takeover.both", "takeover.way_back"]
    adopting = msgspec.structs.replace(Settings().ollama, adopt=False)
    settings = msgspec.structs.replace(Settings(), ollama=adopting)
    assert not plan(None, settings=settings).settings.ollama.adopt


def test_other_machines_go_on_to_need_no_key_unless_the_panel_asked_them_for_one_before() -> None:
    made = plan(address="0.0.0.0:11434")
    proxy = made.settings.proxy
    assert (proxy.second_host, proxy.require_key) == ("::", KeyRule.NEVER)
    assert "takeover.opened" in told(made)
    of_network = msgspec.structs.replace(Settings(), proxy=ProxySettings(host="::", port=11435))
    kept = plan(address="0.0.0.0:11434", settings=of_network)
    assert kept.settings.proxy.require_key is KeyRule.AUTO
    assert "takeover.with_keys" in told(kept)
    on_purpose = msgspec.structs.replace(of_network, proxy=ProxySettings(host="::", require_key=KeyRule.NEVER))
    assert "takeover.open" in told(plan(address="0.0.0.0:11434", settings=on_purpose))
    assert plan(address="192.168.1.7:11434").settings.proxy.second_host == "192.168.1.7"


def test_who_asks_everybody_for_a_key_is_told_that_the_clients_of_ollama_have_none() -> None:
    strict = msgspec.structs.replace(Settings(), proxy=ProxySettings(require_key=KeyRule.ALWAYS))
    assert "takeover.with_keys" in told(plan(settings=strict))
    assert "takeover.with_keys" in told(plan(address="0.0.0.0:11434", settings=strict))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (OwnerKind.DESKTOP_APP, "takeover.app_returns"),
        (OwnerKind.HOMEBREW, "takeover.brew_returns"),
        (OwnerKind.SNAP, "takeover.snap_command"),
    ],
)
def test_what_brings_ollama_back_is_said_before(kind: OwnerKind, code: str) -> None:
    assert code in told(plan(owned(kind)))


def test_a_service_stays_where_it_is() -> None:
    assert told(plan(owned(OwnerKind.SYSTEM_UNIT)))[3:] == ["takeover.way_back"]


def test_what_cannot_be_moved_says_why() -> None:
    with pytest.raises(PanelError, match="belongs to another panel"):
        plan(owned(OwnerKind.OTHER_PANEL))
    with pytest.raises(PanelError, match="open to the network"):
        plan(owned(OwnerKind.DESKTOP_APP), "0.0.0.0:11434")


def test_the_way_back_begins_with_the_address_and_ends_with_the_server() -> None:
    kinds = [step.kind for step in way_back(plan().takeover, Place())]
    assert kinds == [StepKind.LISTEN, StepKind.USE, StepKind.STOP, StepKind.START]
    assert [step.kind for step in way_back(plan(None).takeover, Place())] == [StepKind.LISTEN]
