import msgspec
import pytest

from ollama_panel.core.context_notices import CutPrompts, of_conflict, of_cut, raised
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName
from ollama_panel.core.notices import RaiseContext
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import ContextConflict, Role
from ollama_panel.core.settings.tree import PoolSettings, Settings

MODEL, POOL = ModelName("a:latest"), PoolName("chat")
CONFLICT = ContextConflict(
    MODEL, (POOL,), 4096, 16_384, ((ClientId("editor"), 16_384), (ClientId("rag"), 8192)), (ClientId("web"),)
)


CHAT = PoolSettings(POOL, Role.CHAT, context_length=4096)


def cuts(cut: PromptCut, times: int = 1) -> CutPrompts:
    return CutPrompts(MODEL, ClientId("web"), InstanceId("chat-1"), cut, times, 0.0)


def test_a_cut_prompt_is_told_with_its_length_and_what_helps() -> None:
    notice = of_cut(cuts(PromptCut(8900, 4096, 4096)), CHAT, None)
    assert (
        render(notice) == "a:latest: a prompt of 8,900 tokens of web was cut to 4,096. Raise the context of its pool."
    )
    assert (notice.code, notice.action) == ("prompt_cut.from_to", RaiseContext((POOL,), 16_384))


OWN_CONTEXT = ModelFacts(MODEL, num_ctx=4096, context_trained=131_072)
SMALL = ModelFacts(MODEL, context_trained=4096)
MIDDLING = ModelFacts(MODEL, context_trained=12_000)


@pytest.mark.parametrize(
    ("cut", "times", "pool", "facts", "message", "offered"),
    [
        (
            PromptCut(None, 4096, 4096),
            3,
            CHAT,
            None,
            "a prompt of web was cut to 4,096 tokens. RAISE So far 3 prompts for a:latest were cut.",
            None,
        ),
        (PromptCut(), 1, CHAT, None, "a prompt of web was cut. RAISE", None),
        (PromptCut(8900, 4096, 4096), 1, CHAT, MIDDLING, "LONG was cut to 4,096. RAISE", 12_000),
        (
            PromptCut(8900, 4096, 4096),
            1,
            CHAT,
            SMALL,
            "LONG was cut to 4,096. The model was trained for no more.",
            None,
        ),
        (
            PromptCut(8900, 4096),
            1,
            None,
            None,
            "LONG was cut to 4,096. Raise OLLAMA_CONTEXT_LENGTH of that server.",
            None,
        ),
        (
            PromptCut(8900, 4096, 4096),
            1,
            CHAT,
            OWN_CONTEXT,
            "LONG was cut to 4,096. The model's own num_ctx limits it: set a longer one there.",
            None,
        ),
        (
            PromptCut(100, 64, 64),
            1,
            CHAT,
            None,
            "a prompt of 100 tokens of web was cut to 64. Its pool has more: the client asked for less itself.",
            None,
        ),
    ],
)
def test_the_advice_is_what_helps_and_only_that_is_offered(
    cut: PromptCut, times: int, pool: PoolSettings | None, facts: ModelFacts | None, message: str, offered: int | None
) -> None:
    notice = of_cut(cuts(cut, times), pool, facts)
    text = message.replace("LONG", "a prompt of 8,900 tokens of web").replace("RAISE", "Raise the context of its pool.")
    assert render(notice) == f"a:latest: {text}"
    assert notice.action == (RaiseContext((POOL,), offered) if offered else None)


def test_messages_that_were_probably_left_out_are_told_as_a_guess() -> None:
    notice = of_cut(cuts(PromptCut(None, 3400, 4096, certain=False), 2), CHAT, None)
    assert render(notice) == (
        "a:latest: Ollama has probably left out earlier messages of web, too long for 4,096 tokens. "
        "Raise the context of its pool. So far 2 prompts for a:latest were cut."
    )
    assert notice.action == RaiseContext((POOL,), 8192)


def test_a_conflict_names_who_asks_for_what_and_offers_one_context_for_all() -> None:
    notice = of_conflict(CONFLICT)
    assert render(notice) == (
        "a:latest is reloaded again and again: editor (16,384) and rag (8,192) asked for a longer context than 4,096 "
        "tokens, and web cannot ask for one. Raise the context of its pool to 16,384 tokens, and one load serves all."
    )
    assert notice.action == RaiseContext((POOL,), 16_384)


def test_a_conflict_that_no_setting_of_the_pool_ends_says_what_does() -> None:
    own = of_conflict(msgspec.structs.replace(CONFLICT, modelfile=True))
    assert render(own).endswith("Set a longer num_ctx in the model's own file.")
    large = of_conflict(msgspec.structs.replace(CONFLICT, fits=False))
    assert render(large).endswith("16,384 tokens do not fit into memory: lower the parallel requests, or ask for less.")
    assert own.action is large.action is None


def test_an_accepted_offer_raises_only_what_is_shorter_and_removes_a_variable_that_would_win() -> None:
    settings = Settings(
        pools=(
            PoolSettings(POOL, Role.CHAT, context_length=4096),
            PoolSettings(PoolName("long"), Role.CHAT, context_length=32_768),
            PoolSettings(
                PoolName("own"), Role.CHAT, environment={"OLLAMA_CONTEXT_LENGTH": "2048", "OLLAMA_DEBUG": "1"}
            ),
            PoolSettings(PoolName("other"), Role.CHAT, context_length=2048),
        )
    )
    offer = RaiseContext((POOL, PoolName("long"), PoolName("own")), 16_384)
    found = {pool.name: (pool.context_length, pool.environment) for pool in raised(settings, offer).pools}
    assert found == {
        "chat": (16_384, {}),
        "long": (32_768, {}),
        "own": (16_384, {"OLLAMA_DEBUG": "1"}),
        "other": (2048, {}),
    }


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 39 + "…"), (128, "x" * 39 + "…")])
def test_a_long_name_of_a_client_does_not_hide_the_advice(length: int, shown: str) -> None:
    long = ClientId("x" * length)
    cut = msgspec.structs.replace(cuts(PromptCut(8900, 4096)), client=long)
    assert f" of {shown} was cut" in render(of_cut(cut, CHAT, None))
    conflict = msgspec.structs.replace(CONFLICT, asking=((long, 16_384),), not_asking=(long,))
    assert f": {shown} (16,384) asked for" in render(of_conflict(conflict))
    assert f"and {shown} cannot ask" in render(of_conflict(conflict))
