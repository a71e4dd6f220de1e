"""The graphics cards of a machine, and whether servers compute on them."""

from ollama_panel.core.doctor.cards import cards, found_no_card, runs_on_processor
from ollama_panel.core.doctor.facts import Facts, LoadedFacts, LogFacts
from ollama_panel.core.telemetry import GpuReading
from tests.core.doctor.panels import CARD, panel


def test_a_lost_card_is_none() -> None:
    assert cards(Facts(gpus=(CARD, GpuReading("x", lost=True)))) == (CARD,)
    assert cards(Facts(snapshot=panel())) == (CARD,)


def test_the_last_start_says_whether_there_is_a_card() -> None:
    line = 'level=INFO source=types.go:60 msg="inference compute" id=0 library={} name=x total="24.0 GiB"'
    assert found_no_card(LogFacts(7, lines=(line.format("cpu"),))) == line.format("cpu")
    assert found_no_card(LogFacts(7, lines=(line.format("cpu"), line.format("CUDA")))) == ""


def test_what_the_log_says_of_cards_counts_more_than_what_is_counted_as_theirs() -> None:
    cpu = 'level=INFO source=types.go:60 msg="inference compute" id=cpu library=cpu name=cpu total="23.6 GiB"'
    small = LoadedFacts(7, "tiny", 41_859_152, 2_977_955)
    assert not runs_on_processor(Facts(), small)
    assert runs_on_processor(Facts(logs=(LogFacts(7, lines=(cpu,)),)), small)
