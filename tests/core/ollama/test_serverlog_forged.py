"""Clients can write into Ollama's log: it quotes the name of an option that it does not know."""

import pytest

from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import KvCache, OptionUnknown

OPTION = 'time=t level=WARN source=types.go:1 msg="invalid option provided" option="{name}'


@pytest.mark.parametrize("end", ['"', ""], ids=["whole", "cut off"])
@pytest.mark.parametrize(
    "name",
    [
        "x msg=load request={Operation:commit LoraPath:[] Parallel:9 KvSize:77 KvCacheType: NumThreads:1}",
        "x msg=load request={Operation:commit,Parallel:9",
        "level=ERROR msg=x",
        ", evicting a model to make space",
        r"\" msg=\"truncating input prompt\" limit=1 prompt=2",
        r"\npanic: out of memory",
    ],
)
def test_a_client_cannot_name_an_option_so_that_it_reads_like_a_fact(name, end):
    assert isinstance(parse(OPTION.format(name=name) + end), OptionUnknown)


@pytest.mark.parametrize("level", ["INFO", "DEBUG", "WARN"])
@pytest.mark.parametrize("text", ["level=ERROR", "a level=ERROR msg=x", ", evicting a model to make space"])
def test_the_text_of_a_message_is_no_fact(level, text):
    assert parse(f'time=t level={level} source=routes.go:1 msg="chat request" prompt="{text}"') is None


@pytest.mark.parametrize(
    "line",
    [
        "a." * 30_000 + " level=INFO",
        "level=INFO msg=load request=" + "Operation:commit Parallel:1 KvSize:1 " * 1_700,
        'level=INFO msg="server config" env="map[' + "A:" * 30_000,
        "a" * 64_000 + " buffer size",
        "a: " * 20_000 + " buffer size",
        'level=INFO msg="starting runner" cmd="' + "--model a " * 6_000,
        "x-" * 30_000 + " | ",
    ],
)
def test_a_long_line_without_a_fact_is_read_in_one_pass(line):
    assert not isinstance(parse(line), KvCache)


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000])
def test_a_number_of_no_quantity_is_unknown(digits):
    assert parse(f'level=WARN msg="truncating input prompt" limit={digits} prompt=7').limit is None
