"""A source with a part missing or changed is read: nothing fails, and every place is that of a line there is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.export.deployment import Target
from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Reading, Source, SourceKind, TextFile
from tests.core.export.samples import exported, pools
from tests.core.export.test_hostile import CARRYING
from tests.core.sources.test_exports import SOURCES

PIECES = [
    *("OLLAMA_HOST", "OLLAMA_NUM_PARALLEL=4", "OLLAMA_MODELS: ~/x", "=", " = ", ":", "- ", "\n", "\n  ", "\n    "),
    *("{", "}", "[", "]", "(", ")", '"', "'", "''", "\\", "\\\n", "$", "${", "$(", "`", "%", "#", ";", "&", "*", "<<"),
    *("services:", "image: ollama/ollama", "environment:", "env:", "containers:", "extraEnv:", "value: ", "name: "),
    *("[Service]\n", "[Container]\n", "Environment=", "ExecStart=", "docker run ", "-e ", "ollama serve", "export "),
    *("services.ollama", "enable = true;", "let ", "in ", "with ", "rec ", "if ", "then ", "else ", "inherit "),
    *("<Config ", "</Config>", "<key>", "<dict>", "null", "true", "-1", "0", "!", "\t", "\0", "\r\n", "\ufeff"),
    *("é", "🦙", "\u2028"),
]
"""Pieces of all formats."""

texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
cuts = st.tuples(st.floats(0, 1), st.floats(0, 0.2), texts)
"""Where in a text a part is taken out, how much of it, and what stands there instead."""

DOCKER = json.dumps([{"Name": "/ollama", "Config": {"Image": "ollama/ollama", "Env": ["A=1"]}, "Mounts": []}], indent=1)
WHOLE = {
    SourceKind.DOCKER_INSPECT: DOCKER,
    SourceKind.UNRAID: '<Container><Repository>ollama/ollama</Repository>\n<Config Target="A">1</Config></Container>',
    SourceKind.TRUENAS: '{"ollama": {"additional_envs": [{"name": "A", "value": "1"}]}}',
    SourceKind.OLLAMA_FILE: '{"disable_ollama_cloud": true}',
    SourceKind.APP: '[{"expose": 1, "models": "/x"}]',
    SourceKind.PROCESS: "OLLAMA_HOST=x\nPATH=/bin\n",
    SourceKind.REGISTRY: "HKEY_CURRENT_USER\\Environment\n    OLLAMA_HOST    REG_SZ    0.0.0.0\n",
    SourceKind.BATCH: "@echo off\nset OLLAMA_HOST=0.0.0.0\nstart ollama serve\n",
    SourceKind.LAUNCHCTL: "launchctl setenv OLLAMA_HOST 0.0.0.0\n",
}
"""What no target of an export writes."""


def is_right(reading: Reading, source: Source) -> None:
    """Require that every place is one of the files of a source, with the text of its line."""
    files = {file.path: file.text.split("\n") for file in source.files}
    assignments = [one for server in reading.servers for one in server.assignments]
    for place in [one.place for one in (*assignments, *reading.others, *reading.mistakes)]:
        if place.line and place.path in files:
            assert place.text == files[place.path][place.line - 1].removesuffix("\r")


def changed(text: str, cut: tuple[float, float, str]) -> str:
    start = int(cut[0] * len(text))
    return text[:start] + cut[2] + text[start + int(cut[1] * len(text)) :]


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.value)
@given(cut=cuts)
def test_a_text_with_a_part_missing_is_read(kind: SourceKind, cut: tuple[float, float, str]) -> None:
    source = Source(kind, (TextFile("x", changed(WHOLE[kind], cut)),))
    is_right(read(source), source)


@pytest.mark.parametrize("target", CARRYING, ids=lambda target: target.id)
@given(cut=cuts)
def test_an_export_with_a_part_missing_is_read(target: Target, cut: tuple[float, float, str]) -> None:
    for whole in SOURCES[target.id](exported(target.id, pools({"OLLAMA_KEEP_ALIVE": "24h", "X": "a b"}))):
        first, *rest = whole.files
        source = Source(whole.kind, (TextFile(first.path, changed(first.text, cut)), *rest))
        is_right(read(source), source)


@pytest.mark.parametrize(
    ("content", "code"),
    [("\ufeff[Service]\n".encode("utf-16-le"), "source.utf16"), (bytes(range(256)), "source.no_text_file")],
)
def test_what_is_no_text_is_said_in_a_sentence(content: bytes, code: str) -> None:
    file = TextFile("/etc/systemd/system/ollama.service", content.decode(errors="replace"))
    found = read(Source(SourceKind.SYSTEMD, (file,)))
    assert found.problem is not None
    assert (found.problem.code, found.servers, found.mistakes) == (code, (), ())
