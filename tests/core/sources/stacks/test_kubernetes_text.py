import pytest

from ollama_panel.core.sources.stacks.kubernetes_text import expanded


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("$(A)$$(A)$A", ("1$(A)$A", ())),
        ("$(B) $(A", ("$(B) $(A", ("B",))),
        ("$$$$", ("$$", ())),
        ("$", ("$", ())),
    ],
)
def test_the_kubelet_puts_in_what_is_set_before(text: str, right: tuple[str, tuple[str, ...]]) -> None:
    assert expanded(text, {"A": "1"}) == right
