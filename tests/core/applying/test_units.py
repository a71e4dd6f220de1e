import msgspec

from ollama_panel.core.applying.units import Unit
from tests.core.applying.samples import unit, worker


def test_a_unit_that_was_there_keeps_its_address() -> None:
    assert unit().wanted == {"OLLAMA_NUM_PARALLEL": "4"}
    assert unit().address(None) == ("127.0.0.1", 11434)
    assert unit().address({"OLLAMA_HOST": "0.0.0.0:11500"}) == ("127.0.0.1", 11500)


def test_a_unit_of_the_export_has_its_workers() -> None:
    own = unit(own_address=False)
    assert own.wanted == {"OLLAMA_HOST": "127.0.0.1:11434", "OLLAMA_NUM_PARALLEL": "4"}
    assert own.address({"OLLAMA_HOST": "0.0.0.0:11500"}) == ("127.0.0.1", 11434)


def test_a_variable_that_is_not_set_is_not_asked_for() -> None:
    assert msgspec.structs.replace(unit(), worker=worker(OLLAMA_MODELS="")).wanted == {"OLLAMA_NUM_PARALLEL": "4"}


def test_a_container_has_an_address_and_a_folder_of_its_own() -> None:
    contained = Unit("chat-1", ("/srv/compose.yaml",), worker(OLLAMA_MODELS="/srv/models"), contained=True)
    assert contained.wanted == {"OLLAMA_NUM_PARALLEL": "4"}
    assert contained.address({"OLLAMA_HOST": "0.0.0.0:11434"}) == ("127.0.0.1", 11434)


def test_a_proxy_has_a_port_and_no_variables() -> None:
    proxy = Unit("nginx", ("/etc/nginx/conf.d/ollama.conf",), own_address=True, port=8080)
    assert (proxy.wanted, proxy.address(None)) == ({}, ("127.0.0.1", 8080))
