"""How many connections a limit of open files allows."""

import sys

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.host.descriptors import connections, raise_limit, require_enough


@pytest.mark.parametrize(
    ("limit", "clients", "upstream"),
    [
        (65536, 43562, 21782),
        (20000, 13205, 6603),
        (1024, 554, 278),
        (256, 128, 64),
        (64, 21, 11),
        (40, 5, 3),
        (1, 1, 1),
    ],
)
def test_clients_and_instances_have_what_the_panel_itself_does_not_need(
    limit: int, clients: int, upstream: int
) -> None:
    assert connections(limit) == (clients, upstream)


def test_without_a_limit_any_number_may_be_open() -> None:
    assert connections(None) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_an_infinite_limit_is_one_to_count_with(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    infinite = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda _: infinite)
    assert raise_limit() == 65536


def test_the_limit_is_what_the_system_permits() -> None:
    assert raise_limit() == raise_limit()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("limit", [3, 12, 24, 39])
def test_a_limit_with_which_nobody_would_be_served_is_refused(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    with pytest.raises(PanelError, match=f"only {limit} files and connections"):
        require_enough()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_hard_limit_is_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    limits = [(12, 40)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.append(new))
    require_enough()
    assert limits[-1] == (40, 40)
