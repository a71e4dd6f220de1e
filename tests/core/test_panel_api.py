"""The records of the panel's HTTP API."""

import pytest

from ollama_panel.core.ids import ClientId, ModelName, PoolName, RequestId
from ollama_panel.core.panel_api import Pool, grants, pools_of, requests_of
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import PoolSettings, Scope, Settings
from ollama_panel.core.snapshot import PoolRecord, RequestRecord, RequestState, Snapshot

USE, SEE, CONTROL = Scope.USE, Scope.SEE, Scope.CONTROL


@pytest.mark.parametrize(
    ("scopes", "opened"),
    [
        ((), ()),
        ((USE,), (USE,)),
        ((SEE,), (SEE,)),
        ((CONTROL,), (SEE, CONTROL)),
        ((USE, SEE), (USE, SEE)),
        ((USE, CONTROL), (USE, SEE, CONTROL)),
    ],
)
def test_control_includes_to_see_and_nothing_else_includes_another(
    scopes: tuple[Scope, ...], opened: tuple[Scope, ...]
) -> None:
    assert tuple(one for one in Scope if grants(scopes, one)) == opened


def test_a_pool_has_its_settings_and_its_load() -> None:
    chat, code = PoolSettings(PoolName("chat"), parallel=3), PoolSettings(PoolName("code"), Role.CODE)
    snapshot = Snapshot(0.0, Settings(pools=(chat, code)), pools=(PoolRecord(PoolName("chat"), Role.CHAT, 5, 2, 3),))
    first, second = pools_of(snapshot)
    assert (first.parallel, first.queued, first.in_flight, first.slots) == (3, 5, 2, 3)
    assert second == Pool.of(code, snapshot)
    assert second.memory is None
    assert (second.role, second.slots) == (Role.CODE, 0)


def test_finished_requests_follow_the_open_ones_newest_first() -> None:
    one, two, three = (
        RequestRecord(
            RequestId(name), ClientId("a"), RequestClass.BATCH, ModelName("m"), "/", False, RequestState.DONE, 0.0
        )
        for name in "123"
    )
    assert requests_of(Snapshot(0.0, Settings(), requests=(one,), finished=(two, three))) == (one, three, two)
