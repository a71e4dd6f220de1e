import msgspec
import pytest
from hypothesis import given

from ollama_panel.core.applying.evidence import Evidence
from ollama_panel.core.applying.proof import ANSWER, COMMAND, answered, is_same, proofs_of
from ollama_panel.core.applying.record import ProofSource, ProofState
from tests.core.applying.samples import unit
from tests.core.export.samples import printable

HOLDS, DIFFERS, UNKNOWN = ProofState.HOLDS, ProofState.DIFFERS, ProofState.UNKNOWN


@pytest.mark.parametrize(
    ("name", "wanted", "found", "same"),
    [
        ("OLLAMA_NUM_PARALLEL", "4", "4", True),
        ("OLLAMA_NUM_PARALLEL", "4", "04", True),
        ("OLLAMA_NUM_PARALLEL", "4", "1", False),
        ("OLLAMA_KEEP_ALIVE", "5m", "5m0s", True),
        ("OLLAMA_KEEP_ALIVE", "300", "5m0s", True),
        ("OLLAMA_KEEP_ALIVE", "-1", "2562047h47m16.854775807s", True),
        ("OLLAMA_KEEP_ALIVE", "10m", "5m0s", False),
        ("OLLAMA_FLASH_ATTENTION", "1", "true", True),
        ("OLLAMA_FLASH_ATTENTION", "0", "true", False),
        ("OLLAMA_KV_CACHE_TYPE", "Q8_0", "q8_0", True),
        ("OLLAMA_HOST", "127.0.0.1:11434", "http://127.0.0.1:11434", True),
        ("OLLAMA_HOST", "127.0.0.1:11434", "http://127.0.0.1:11435", False),
        ("OLLAMA_ORIGINS", "https://a.example", "[https://a.example http://localhost]", True),
        ("OLLAMA_ORIGINS", "https://a.example", "[http://localhost]", False),
        ("OLLAMA_MODELS", "/srv/models", "/srv/models", True),
        ("OLLAMA_MODELS", "/srv/models", "/var/models", False),
        ("SOMEBODY_ELSES", "1", "true", False),
        ("OLLAMA_API_KEY", "(hidden)", "(hidden)", True),
    ],
)
def test_a_value_in_the_spelling_of_a_server(name: str, wanted: str, found: str, same: bool) -> None:
    assert is_same(name, wanted, found) is same


@given(printable)
def test_every_value_is_the_same_as_itself(value: str) -> None:
    assert is_same("OLLAMA_LLM_LIBRARY", value, value)


def _evidence(logged: str = "4", environment: str = "4", declared: str = "4") -> Evidence:
    name = "OLLAMA_NUM_PARALLEL"
    return Evidence("active", 1, 0, {name: environment}, {name: declared}, logged={name: logged}, line="a line")


def test_the_log_counts_more_than_the_process_and_that_more_than_the_unit() -> None:
    evidence = _evidence("1", "2", "3")
    (proof,) = proofs_of(unit(), evidence)
    assert (proof.found, proof.source, proof.line, proof.state) == ("1", ProofSource.LOG, "a line", DIFFERS)
    (proof,) = proofs_of(unit(), msgspec.structs.replace(evidence, logged=None))
    assert (proof.found, proof.source, proof.line) == ("2", ProofSource.ENVIRONMENT, "OLLAMA_NUM_PARALLEL=2")
    (proof,) = proofs_of(unit(), msgspec.structs.replace(evidence, logged={"OLLAMA_HOST": "x"}))
    assert proof.source is ProofSource.ENVIRONMENT, "this version does not know the variable"
    (proof,) = proofs_of(unit(), msgspec.structs.replace(evidence, logged=None, environment=None))
    assert (proof.found, proof.source) == ("3", ProofSource.UNIT)


def test_what_nothing_tells_is_unknown_and_what_is_missing_differs() -> None:
    (proof,) = proofs_of(unit(), Evidence())
    assert (proof.state, proof.found, proof.source) == (UNKNOWN, None, None)
    (proof,) = proofs_of(unit(), Evidence(environment={"HOME": "/"}))
    assert (proof.state, proof.found) == (DIFFERS, None)


def test_a_units_own_command_is_proven() -> None:
    own = unit(own_address=False)
    proof = list(proofs_of(own, Evidence(arguments=("/usr/bin/ollama", "serve"))))[-1]
    assert (proof.name, proof.wanted, proof.state) == (COMMAND, "/usr/bin/ollama serve", HOLDS)
    proof = list(proofs_of(own, Evidence(arguments=("/opt/ollama", "serve"))))[-1]
    assert (proof.found, proof.state) == ("/opt/ollama serve", DIFFERS)


def test_an_answer_is_a_proof() -> None:
    assert answered(unit(), "http://x", '{"version":"0.32.15"}').state is HOLDS
    proof = answered(unit(), "http://x", None)
    assert (proof.name, proof.state) == (ANSWER, DIFFERS)
