"""Which worker may serve which request, by its role."""

import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.roles import PoolPlan, may_serve, pool_of, unstaffed
from ollama_panel.core.settings.tree import Settings


def pools(**workers: int) -> tuple[PoolPlan, ...]:
    """Return pools that are named after their roles, with so many workers each."""
    return tuple(PoolPlan(PoolName(name), Role(name), number) for name, number in workers.items())


@pytest.mark.parametrize("worker", Role)
@pytest.mark.parametrize("wanted", Role)
def test_only_embedding_workers_are_protected(worker: Role, wanted: Role) -> None:
    protected = worker is Role.EMBEDDING and wanted is not Role.EMBEDDING
    assert may_serve(worker, wanted, on_embedding=False) is not protected
    assert may_serve(worker, wanted, on_embedding=True)


def test_the_default_pools_serve_all_roles() -> None:
    assert unstaffed(PoolPlan.of(Settings().pools), on_embedding=False) == {}


def test_embedding_workers_alone_serve_embeddings_only() -> None:
    found = unstaffed(pools(chat=0, embedding=1), on_embedding=False)
    assert found.keys() == {*Role} - {Role.EMBEDDING}
    assert render(found[Role.CHAT]) == (
        "No worker may answer this request: the pool chat has 0 workers. Give it one in the panel, or by "
        "ollama-panel settings set pools.chat.workers 1."
    )


def test_the_user_may_let_them_serve_all() -> None:
    assert unstaffed(pools(chat=0, embedding=1), on_embedding=True) == {}


def test_a_chat_pool_alone_serves_embeddings_too() -> None:
    assert unstaffed(pools(chat=1), on_embedding=False) == {}


def test_all_pools_that_would_do_are_named() -> None:
    found = unstaffed(pools(chat=0, code=0, embedding=1), on_embedding=False)
    assert render(found[Role.CHAT]) == (
        "No worker may answer this request: the pools chat and code have 0 workers. Give one of them a worker in the "
        "panel."
    )


def test_without_any_such_pool_the_reason_says_what_to_do() -> None:
    found = unstaffed(pools(embedding=1), on_embedding=False)
    assert render(found[Role.VISION]) == (
        "No worker may answer this request: there are only workers for embeddings. Add a pool for chats in the panel, "
        "or let chats use these: ollama-panel settings set scheduling.chats_on_embedding on."
    )


@pytest.mark.parametrize(
    ("plans", "role", "pool"),
    [
        (pools(embedding=1, chat=1), Role.CHAT, "chat"),
        (pools(embedding=1, chat=0), Role.CHAT, "chat"),
        (pools(embedding=1, chat=0, code=1), Role.CHAT, "code"),
        (pools(embedding=1, code=1), Role.CHAT, "code"),
        (pools(chat=1), Role.EMBEDDING, "chat"),
        (pools(chat=1, embedding=0), Role.EMBEDDING, "chat"),
        (pools(embedding=1), Role.CHAT, "embedding"),
        ((), Role.CHAT, None),
    ],
)
def test_requests_wait_for_the_pool_whose_workers_would_serve_them(
    plans: tuple[PoolPlan, ...], role: Role, pool: str | None
) -> None:
    assert pool_of(role, plans, on_embedding=False) == pool
