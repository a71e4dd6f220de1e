import pytest

from ollama_panel.core.records import LoadOptions, RequestClass, Role
from ollama_panel.core.scheduling.context import ANY, OWN, ContextNeed, need_of, serves
from tests.core.scheduling.script import NOMIC, job

SERVED = 4096


def chat(num_ctx=None, path="/api/chat", **more):
    return job("one", options=LoadOptions(num_ctx=num_ctx), path=path, **more)


def embedding(num_ctx=None, path="/api/embed", body_bytes=9000):
    options = LoadOptions(num_ctx=num_ctx)
    return job(
        "one", "ann", NOMIC, Role.EMBEDDING, RequestClass.EMBEDDING, path=path, options=options, body_bytes=body_bytes
    )


def at_least(tokens):
    return ContextNeed(tokens)


def exactly(tokens):
    return ContextNeed(tokens, exact=True)


@pytest.mark.parametrize(
    ("request_", "need"),
    [
        (chat(), ANY),
        (chat(path="/api/generate"), ANY),
        (chat(8192), at_least(8192)),
        (chat(8000), at_least(8192)),
        (chat(4096), at_least(4096)),
        (chat(4000), at_least(4096)),
        (chat(100), at_least(256)),
        (chat(0), ANY),
        (chat(-7), ANY),
        (chat(10**12), at_least(131_072)),
        (chat(131_071), at_least(131_072)),
        (chat(path="/v1/chat/completions"), OWN),
        (chat(path="/v1/messages"), OWN),
        (chat(path="/v1/responses"), OWN),
        (chat(path="/v1/completions"), OWN),
    ],
)
def test_the_context_that_a_chat_needs(request_, need):
    assert need_of(request_, SERVED, 131_072) == need


def test_a_context_that_is_not_rounded_stays_within_the_instances_own():
    assert need_of(chat(3900), 4000, None) == at_least(4000)


def test_without_a_known_model_a_chat_needs_what_it_asks_for():
    assert need_of(chat(300), None, None) == at_least(512)


@pytest.mark.parametrize(
    ("request_", "need"),
    [
        (embedding(), OWN),
        (embedding(SERVED), OWN),
        (embedding(3), exactly(3)),
        (embedding(0), exactly(0)),
        (embedding(8192), exactly(8192)),
        (embedding(10**9), exactly(16_384)),
        (embedding(path="/v1/embeddings"), OWN),
        (embedding(None, body_bytes=300), at_least(512)),
        (embedding(512, body_bytes=300), at_least(512)),
        (embedding(4000, body_bytes=3000), at_least(SERVED)),
        (embedding(3, body_bytes=90), exactly(3)),
        (embedding(path="/v1/embeddings", body_bytes=90), OWN),
        (embedding(100, "/api/embeddings"), exactly(100)),
    ],
)
def test_an_embedding_needs_exactly_the_context_that_it_asks_for_unless_its_input_is_short(request_, need):
    assert need_of(request_, SERVED, 16_384) == need


@pytest.mark.parametrize(
    ("need", "own", "raised", "to_own"),
    [
        # a runner with the instance's own 4,096 tokens, one with 8,192, and one that was loaded with 4,096 explicitly
        (ANY, True, True, True),
        (OWN, True, False, True),
        (at_least(4096), True, True, True),
        (at_least(4352), False, True, False),
        (at_least(8448), False, False, False),
        (exactly(4096), True, False, True),
        (exactly(512), False, False, False),
        (exactly(8192), False, True, False),
    ],
)
def test_which_runners_serve_a_request(need, own, raised, to_own):
    assert serves(need, None, SERVED) is own
    assert serves(need, 8192, SERVED) is raised
    assert serves(need, 4096, SERVED) is to_own


def test_a_runner_with_less_than_the_instances_own_context_serves_only_who_asks_for_it():
    assert [serves(need, 512, SERVED) for need in (ANY, OWN, at_least(256), exactly(512))] == [False, False, True, True]


def test_while_the_own_context_is_unknown_only_a_context_that_was_asked_for_is_known_to_suffice():
    assert [serves(need, None, None) for need in (ANY, OWN, at_least(256), exactly(512))] == [True, True, False, False]
    assert [serves(need, 8192, None) for need in (ANY, OWN, at_least(256), exactly(512))] == [False, False, True, False]
