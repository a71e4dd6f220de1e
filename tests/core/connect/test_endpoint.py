"""What the guides take from the snapshot."""

import msgspec
import pytest

from ollama_panel.core.connect.endpoint import EXAMPLE_MODEL, endpoint_of
from ollama_panel.core.connect.records import ClientSystem, Place
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from ollama_panel.core.snapshot import ProxyRecord, RequestState, Snapshot
from tests.core.connect.test_timeouts import request

SMALL, LARGE, EMBEDDER = ModelName("small"), ModelName("large"), ModelName("embedder")
MODELS = (
    ModelFacts(EMBEDDER, capabilities=("embedding",)),
    ModelFacts(SMALL, capabilities=("completion",)),
    ModelFacts(LARGE, capabilities=("completion",)),
)


def snapshot(*used: ModelName, models: tuple[ModelFacts, ...] = MODELS) -> Snapshot:
    one = request(RequestState.DONE, 0.0, 1.0, 400.0)
    finished = tuple(msgspec.structs.replace(one, model=model, request_class=_class(model)) for model in used)
    pools = (PoolSettings("chat", Role.CHAT, context_length=8192), PoolSettings("e", Role.EMBEDDING, context_length=64))
    return Snapshot(at=500.0, settings=Settings(pools=pools), models=models, finished=finished)


def _class(model: ModelName) -> RequestClass:
    return RequestClass.EMBEDDING if model == EMBEDDER else RequestClass.INTERACTIVE


def test_the_examples_ask_for_what_was_used_last() -> None:
    endpoint = endpoint_of(snapshot(SMALL, LARGE, EMBEDDER))
    assert (endpoint.model, endpoint.embedding_model) == (LARGE, EMBEDDER)
    assert endpoint.timeout.seconds == 840


def test_before_anything_was_used_they_ask_for_the_first_model_there_is() -> None:
    endpoint = endpoint_of(snapshot())
    assert (endpoint.model, endpoint.embedding_model) == (SMALL, EMBEDDER)


def test_a_machine_without_models_gets_the_name_of_a_small_one() -> None:
    assert endpoint_of(snapshot(models=())).model == EXAMPLE_MODEL


def test_a_model_of_the_cloud_needs_no_example() -> None:
    models = (ModelFacts(LARGE, capabilities=("completion",), remote=True), *MODELS[:2])
    assert endpoint_of(snapshot(models=models)).model == SMALL


def test_the_context_of_a_model_that_is_not_loaded_is_that_of_its_pools() -> None:
    assert endpoint_of(snapshot()).context == 8192


def test_the_address_is_where_the_panel_really_listens() -> None:
    listening = msgspec.structs.replace(snapshot(), proxy=ProxyRecord(on=True, url="http://127.0.0.1:11500"))
    assert endpoint_of(listening).url == "http://127.0.0.1:11500"
    assert endpoint_of(snapshot()).url == "http://127.0.0.1:11435"


def test_a_program_on_another_machine_gets_the_address_that_reaches_the_panel_from_there() -> None:
    open_to_all = ProxyRecord(on=True, url="http://127.0.0.1:11435", others=("http://192.168.1.20:11435",))
    there = msgspec.structs.replace(snapshot(), proxy=open_to_all)
    assert endpoint_of(there, place=Place.ELSEWHERE).url == "http://192.168.1.20:11435"
    with pytest.raises(PanelError, match="its own machine only"):
        endpoint_of(snapshot(), place=Place.ELSEWHERE)


def test_one_address_of_the_machine_is_that_for_programs_on_others_too() -> None:
    one = ProxyRecord(on=True, url="http://192.168.1.20:11435")
    assert endpoint_of(listening(one, "192.168.1.20"), place=Place.ELSEWHERE).url == one.url


def test_a_panel_that_does_not_listen_is_not_said_to_listen_to_its_own_machine_only() -> None:
    with pytest.raises(PanelError, match="does not listen now"):
        endpoint_of(listening(ProxyRecord(), "0.0.0.0"), place=Place.ELSEWHERE)


def test_a_container_on_linux_reaches_a_loopback_address_only_on_the_machines_network() -> None:
    inside = endpoint_of(snapshot(), place=Place.CONTAINER)
    assert inside.url == "http://127.0.0.1:11435"
    assert inside.note is not None
    assert inside.note.code == "connect.note.container"


def test_a_container_on_linux_reaches_the_address_for_other_machines() -> None:
    open_to_all = ProxyRecord(on=True, url="http://127.0.0.1:11435", others=("http://192.168.1.20:11435",))
    inside = endpoint_of(listening(open_to_all, "0.0.0.0"), place=Place.CONTAINER)
    assert (inside.url, inside.note) == ("http://192.168.1.20:11435", None)


def test_a_container_of_docker_desktop_reaches_the_computer_by_its_name() -> None:
    inside = endpoint_of(snapshot(), place=Place.CONTAINER, system=ClientSystem.MACOS)
    assert (inside.url, inside.note) == ("http://host.docker.internal:11435", None)


def listening(proxy: ProxyRecord, host: str) -> Snapshot:
    settings = Settings(proxy=ProxySettings(host=host))
    return msgspec.structs.replace(snapshot(), proxy=proxy, settings=settings)


def test_agents_get_a_model_that_can_use_tools_even_if_another_was_used_last() -> None:
    able = ModelFacts(ModelName("able"), capabilities=("completion", "tools"))
    endpoint = endpoint_of(snapshot(SMALL, models=(*MODELS, able)))
    assert (endpoint.model, endpoint.tool_model) == (SMALL, "able")
    assert endpoint_of(snapshot(SMALL)).tool_model == ""
