from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.sources import dotenv
from ollama_panel.core.sources.record import TextFile


def test_compose_reads_quotes_comments_and_exports() -> None:
    text = """\
# a comment
A=1
export B = two words # why
C='$x # y'
D="a\\nb
c" # more
E: f
F
 G=
H=#x
not a line
I=x#y
"""
    assert [(one.name, one.value, one.place.line) for one in dotenv.of_compose(TextFile("x", text))] == [
        ("A", "1", 2),
        ("B", "two words", 3),
        ("C", "$x # y", 4),
        ("D", "a\nb\nc", 5),
        ("E", "f", 7),
        ("F", None, 8),
        ("G", "", 9),
        ("H", "", 10),
        ("I", "x#y", 12),
    ]


def test_docker_reads_lines_as_they_are() -> None:
    text = '# a comment\nA="1"\nB=x # y\nC\n'
    assert [(one.name, one.value) for one in dotenv.of_docker(TextFile("x", text))] == [
        ("A", '"1"'),
        ("B", "x # y"),
        ("C", None),
    ]


@given(st.text("A=:'\"\\\n #b", max_size=40))
def test_reading_ends_whatever_is_written(text: str) -> None:
    list(dotenv.of_compose(TextFile("x", text)))


def test_the_mark_at_the_beginning_of_a_file_of_windows_is_no_part_of_a_name() -> None:
    file = TextFile("/srv/.env", "\ufeffOLLAMA_HOST=a\r\nOLLAMA_DEBUG=1\r\n")
    for read in (dotenv.of_compose, dotenv.of_docker):
        assert [(one.name, one.place.line) for one in read(file)] == [("OLLAMA_HOST", 1), ("OLLAMA_DEBUG", 2)]
