"""Reader of Unraid's templates of containers (`my-ollama.xml`).

Unraid passes the value of an entry, or its default if that is empty (`webGui Helpers.php xmlToCommand`).
"""

import shlex
from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import sizes
from ollama_panel.core.sources.containers import CARD, Container, Published, ReadingBuilder
from ollama_panel.core.sources.places import assigned, at, with_overruled
from ollama_panel.core.sources.record import Assignment, Place, Reading, Source, SourceKind, TextFile
from ollama_panel.core.sources.stacks.run_options import Options, options_of

_UNRAID = "Linux"


class _Element(msgspec.Struct):
    """An element with its text, on a line."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""


def read(source: Source) -> Reading:
    """Return the server of a template."""
    file = source.files[0]
    try:
        elements = list(_elements(file.text))
    except expat.ExpatError as error:
        problem = notice("source.no_xml", path=file.path, line=error.lineno, cause=expat.ErrorString(error.code))
        return Reading(SourceKind.UNRAID, source.path, problem=problem)
    texts = {one.name: one.text.strip() for one in elements if one.name != "Config"}
    entries = [one for one in elements if one.name == "Config"]
    if "Repository" not in texts:
        problem = notice("source.unraid.no_template", path=file.path)
        return Reading(SourceKind.UNRAID, source.path, problem=problem)
    params = next((one.line for one in elements if one.name == "ExtraParams"), 0)
    options = options_of(_words(texts.get("ExtraParams", "")))
    found = [*_variables(entries, file), *_of_options(options, at(file, params))]
    container = _container(texts, entries, options, with_overruled(found), at(file, 1))
    builder = ReadingBuilder(source)
    builder.add(container, _UNRAID)
    return builder.reading()


def _elements(text: str) -> Iterator[_Element]:
    parser, found, open_ones = expat.ParserCreate(), list[_Element](), list[_Element]()

    def start(name: str, attributes: dict[str, str]) -> None:
        open_ones.append(_Element(name, attributes, parser.CurrentLineNumber))
        found.append(open_ones[-1])

    def end(_: str) -> None:
        open_ones.pop()

    def data(piece: str) -> None:
        open_ones[-1].text += piece

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.buffer_text = True
    parser.Parse(text, True)
    yield from found


def _value(element: _Element) -> str:
    return element.text or element.attributes.get("Default", "")


def _variables(entries: list[_Element], file: TextFile) -> Iterator[Assignment]:
    for one in entries:
        if one.attributes.get("Type") == "Variable" and (name := one.attributes.get("Target", "")):
            yield assigned(name, _value(one), at(file, one.line))


def _of_options(options: Options, place: Place) -> Iterator[Assignment]:
    for entry in options.all("env"):
        name, equals, value = entry.partition("=")
        if equals:
            yield assigned(name, value, place)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _container(
    texts: dict[str, str],
    entries: list[_Element],
    options: Options,
    assignments: tuple[Assignment, ...],
    place: Place,
) -> Container:
    of_type = {
        kind: [one for one in entries if one.attributes.get("Type") == kind] for kind in ("Port", "Path", "Device")
    }
    devices = [_value(one) for one in of_type["Device"]]
    ports = ((_value(one), one.attributes.get("Target", "")) for one in of_type["Port"])
    command = tuple(_words(texts.get("PostArgs", "")))
    return Container(
        name=texts.get("Name", ""),
        place=place,
        image=texts["Repository"],
        command=command,
        assignments=assignments,
        published=tuple(
            Published(int(outside), int(inside))
            for outside, inside in ports
            if outside.isdecimal() and inside.isdecimal()
        ),
        host_network=texts.get("Network") == "host",
        memory_limit=sizes.of_docker(options.last("memory")),
        gpu=options.gives_card or any(map(CARD.match, devices)),
        folders={one.attributes.get("Target", ""): _value(one) for one in of_type["Path"] if _value(one)},
    )
