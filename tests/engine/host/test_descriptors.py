"""How many client connections a limit of open files allows."""

import sys

import pytest

from ollama_panel.engine.host.descriptors import client_connections, raise_limit


@pytest.mark.parametrize(
    ("limit", "connections"),
    [(None, None), (65536, 43562), (20000, 13205), (1024, 554), (256, 128), (64, 21), (40, 5), (1, 1)],
)
def test_a_third_and_a_reserve_are_left_for_instances_and_files(limit: int | None, connections: int | None) -> None:
    assert client_connections(limit) == connections


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_an_infinite_limit_is_one_to_count_with(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    infinite = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda _: infinite)
    assert raise_limit() == 65536


def test_the_limit_is_what_the_system_permits() -> None:
    assert raise_limit() == raise_limit()
