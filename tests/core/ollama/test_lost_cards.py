from ollama_panel.core.ollama.lost_cards import Card, Cards, missing, of_start
from ollama_panel.core.ollama.serverlog_facts import ComputeFound


def found(name: str = "RTX 3090", address: str = "") -> ComputeFound:
    return ComputeFound("cuda", name, None, None, address)


ONE, OTHER = found(address="0000:01:00.0"), found(address="0000:02:00.0")
BOTH = of_start((ONE, OTHER), ())


def test_a_card_is_known_again_by_its_address_else_by_its_name() -> None:
    assert missing(BOTH, (OTHER,), ()) == (Card("RTX 3090", "cuda", "0000:01:00.0"),)
    nameless = of_start((found("L4"), found("T4")), ())
    assert missing(nameless, (found("T4"),), ()) == (Card("L4", "cuda"),)
    assert missing(BOTH, (), ()) == BOTH.cards


def test_as_many_cards_under_other_names_are_none_lost() -> None:
    assert missing(BOTH, (found("GPU-0"), found("GPU-1")), ()) == ()
    assert missing(BOTH, (found("GPU-0"),), ()) == BOTH.cards[:1], "one is gone, whichever"


def test_what_is_hidden_or_was_never_there_is_not_lost() -> None:
    assert missing(BOTH, (), (("CUDA_VISIBLE_DEVICES", "-1"),)) == ()
    assert missing(None, (), ()) == missing(Cards(()), (), ()) == ()
