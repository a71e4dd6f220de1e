"""Texts of any content come back to the byte from what a script prints."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.doctor.asking.printed import Block, blocks, script

pytestmark = pytest.mark.skipif(shutil.which("sh") is None, reason="not installed: sh")


def printed(body: str, text: str = "") -> str:
    done = subprocess.run(["sh", "-c", script(body)], input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("text", ["", "a", "a\n", "\n", " a\n.\n", "@@\tend\n@@", ".\n.", "a\r\nb\r", "é\n\n"])
def test_a_text_comes_back_to_the_byte(text: str) -> None:
    assert list(blocks(printed("say one a 'b c'", text))) == [Block("one", ("a", "b c"), text)]


def test_what_a_login_says_besides_is_no_block() -> None:
    assert list(blocks("Welcome!\n@@\tone\n a\n .\nBye\n")) == [Block("one", (), "a\n")]


@given(st.lists(st.text(st.characters(exclude_characters="\x00"))))
def test_a_text_cannot_be_taken_for_another_block(texts: list[str]) -> None:
    whole = "".join("@@\tone\n" + "".join(f" {line}\n" for line in f"{text}.".split("\n")) for text in texts)
    assert [one.text for one in blocks(whole)] == texts


def test_a_command_that_hangs_is_ended() -> None:
    assert list(blocks(printed("limit 1 sleep 600; echo $? | say code"))) == [Block("code", (), "137\n")]


@pytest.mark.parametrize(("rights", "said"), [("", ""), ("sudo -n", "sudo -n")])
def test_what_an_administrator_may_run_is_asked_once(rights: str, said: str) -> None:
    assert "sudo -n true" in script("")
    body = script("printf '%s' \"$as\" | say rights", rights)
    assert "sudo -n true" not in body
    done = subprocess.run(["sh", "-c", body], capture_output=True, check=True)
    assert list(blocks(done.stdout.decode())) == [Block("rights", (), said)]
