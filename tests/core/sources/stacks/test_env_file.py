from ollama_panel.core.sources.record import Fate, TextFile
from ollama_panel.core.sources.stacks import env_file


def test_lines_are_taken_as_they_are() -> None:
    file = TextFile("x", "A=1\n\n# B=2\nC= $x\nPATH=/bin\nD\nE\n")
    assignments, mistakes = env_file.read(file, {"D": "4"})
    assert [(one.name, one.value, one.fate) for one in assignments] == [
        ("A", "1", Fate.TAKEN),
        ("C", " $x", Fate.TAKEN),
        ("PATH", "/bin", Fate.IGNORED),
        ("D", "4", Fate.TAKEN),
        ("E", "", Fate.IGNORED),
    ]
    assert mistakes == []
