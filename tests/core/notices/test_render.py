import msgspec
import pytest

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import ENGLISH, English, render, with_texts

CUT = notice("prompt_cut.to", model="a", client="web", kept=4096, advice=notice("advice.trained"))


def test_a_notice_is_rendered_with_its_values_and_with_the_notices_among_them() -> None:
    assert render(CUT) == "a: a prompt of web was cut to 4,096 tokens. The model was trained for no more."


def test_evidence_follows_the_sentence() -> None:
    told = notice("advice.trained").showing("n_ctx_train = 4096")
    assert render(told) == 'The model was trained for no more. It said: "n_ctx_train = 4096".'


def test_programs_get_the_sentence_beside_the_code_wherever_a_notice_is() -> None:
    shown = with_texts(msgspec.to_builtins({"notices": (CUT,), "pools": [{"progress": None}], "at": 1.5}))
    (told,) = shown["notices"]
    assert (told["code"], told["values"]["kept"], told["text"]) == ("prompt_cut.to", 4096, render(CUT))
    assert told["values"]["advice"]["text"] == "The model was trained for no more."
    assert (shown["pools"], shown["at"]) == ([{"progress": None}], 1.5)


class Dots(English):
    def count(self, value: float) -> str:
        return super().count(value).replace(",", ".")


def test_another_language_gets_the_template_and_its_own_formats() -> None:
    german = {"The model was trained for no more.": "Mehr hat das Modell nicht gelernt."}
    text = render(CUT, lambda template: german.get(template, template), Dots())
    assert text == "a: a prompt of web was cut to 4.096 tokens. Mehr hat das Modell nicht gelernt."


def test_a_code_of_another_version_is_shown_as_it_is() -> None:
    assert render(Notice("new.code", values={"port": 11500})) == "new.code port=11500"


def test_a_value_that_another_version_left_out_is_unknown() -> None:
    assert render(Notice("advice.raise_context_to")).startswith("Raise the context of its pool to — tokens")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("count", 16384, "16,384"),
        ("number", 2.5, "2.5"),
        ("number", 3, "3"),
        ("number", 1_048_576, "1,048,576"),
        ("number", 0.25, "0.25"),
        ("seconds", 0.25, "0.2 s"),
        ("seconds", 30, "30 s"),
        ("seconds", 12.4, "12 s"),
        ("seconds", 119, "119 s"),
        ("seconds", 120, "2 min"),
        ("seconds", 150, "2.5 min"),
        ("seconds", 3600, "60 min"),
        ("seconds", 28_800, "8 h"),
        ("seconds", 200_000, "2.3 days"),
        ("seconds", 31_536_000, "365 days"),
        ("bytes", 3 << 30, "3.0 GiB"),
        ("bytes", 5 << 20, "5 MiB"),
        ("bytes", 64 << 10, "64 KiB"),
        ("bytes", 0, "0 MiB"),
    ],
)
def test_english_numbers_have_their_units(kind: str, value: float, text: str) -> None:
    assert getattr(ENGLISH, kind)(value) == text


def test_english_lists_end_with_and() -> None:
    assert [ENGLISH.list(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
