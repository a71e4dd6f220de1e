"""Reader of scripts with `docker run`, `podman run` and the like, of a shell or of Windows.

The shell fills in its own variables first; Docker then takes each `NAME=value` as it is, also from an `--env-file`.
"""

import csv
import re
from collections.abc import Iterator, Mapping

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, containers, editing, sizes
from ollama_panel.core.sources.containers import Container, ReadingBuilder
from ollama_panel.core.sources.machine.commands import assignment
from ollama_panel.core.sources.machine.shell_words import Filled, Line, Scanner, filled
from ollama_panel.core.sources.places import assigned, at, with_overruled
from ollama_panel.core.sources.record import Assignment, Fate, Mistake, Place, Reading, Source, SourceKind
from ollama_panel.core.sources.stacks import compose_ports, env_file
from ollama_panel.core.sources.stacks.run_options import Option, Options, options_of

_PROGRAMS = frozenset(("docker", "podman", "nerdctl"))
_BEFORE = frozenset(("sudo", "exec", "doas", "container"))
_CONTINUED = re.compile(r"(?<=[ \t])[\^`][ \t]*$", re.MULTILINE)
"""The sign by which a batch file or PowerShell goes on in the next line."""
_FOR_DOCKER = re.compile(r"-[epv]|--(env|env-file|gpus|publish|volume|mount|network|restart|name|device|memory)(=.*)?")
"""Options that nobody means for Ollama."""


class _Run(msgspec.Struct):
    """A command that starts a container, with what is found in it."""

    source: Source
    line: Line
    words: list[Filled]
    options: Options
    known: Mapping[str, str]
    assignments: list[Assignment]
    mistakes: list[Mistake]
    position: int = 0

    def place(self, text: str) -> Place:
        """Return the place of the next such text in the command, that of its first line if it is not there."""
        own = self.source.files[0]
        start = max(self.position, _start_of(own.text, self.line.first))
        found = own.text.find(text, start)
        line = own.text.count("\n", 0, found) + 1 if found >= 0 else 0
        if not self.line.first <= line <= self.line.last:
            return at(own, self.line.first)
        self.position = found + 1
        return at(own, line)


def read(source: Source) -> Reading:
    """Return the servers that a script starts in containers."""
    builder = ReadingBuilder(source)
    runs = list(_runs(source))
    if not runs:
        return Reading(SourceKind.DOCKER_RUN, source.path, problem=notice("source.run.none", path=source.path))
    pulled = containers.models_of([source.files[0].text])
    for run in runs:
        _take(run)
        container = _container(run, pulled if len(runs) == 1 else ())
        if container.is_server:
            _behind_image(run, container)
            container = msgspec.structs.replace(container, assignments=with_overruled(run.assignments))
            builder.add(container, source.system, run.mistakes)
        elif container.image == "=":
            builder.mistakes += _blank(run)
        else:
            builder.add_client(container.name or container.image, container.assignments)
    return builder.reading()


def _runs(source: Source) -> Iterator[_Run]:
    known = dict[str, str]()
    for line in Scanner(_CONTINUED.sub("\\\\", source.files[0].text)).commands():
        words = [filled(word, known.get, "") for word in line.words]
        pairs = [assignment(word.text) for word in words]
        if words[0].text == "export" or all(pair is not None for pair in pairs):
            known.update(pair for pair in pairs if pair is not None)
        while words and (words[0].text in _BEFORE or assignment(words[0].text)):
            words = words[1:]
        if not words or re.split(r"[/\\]", words[0].text)[-1].removesuffix(".exe") not in _PROGRAMS:
            continue
        start = next((index for index, word in enumerate(words) if word.text in ("run", "create")), 0)
        if start and all(word.text.startswith("-") or word.text == "container" for word in words[1:start]):
            rest = words[start + 1 :]
            yield _Run(source, line, rest, options_of([word.text for word in rest]), dict(known), [], [])


def _start_of(text: str, line: int) -> int:
    position = 0
    for _ in range(line - 1):
        position = text.find("\n", position) + 1
    return position


def _take(run: _Run) -> None:
    """Take the variables: those of files come before the others, wherever they stand."""
    for option in run.options.options:
        if option.name == "env-file":
            _of_file(run, option.value)
    for option in run.options.options:
        if option.name == "env":
            _of_option(run, option)


def _of_file(run: _Run, path: str) -> None:
    file = run.source.named(path)
    if file is None or file.problem is not None:
        told = notice("source.compose.no_env_file", file=path)
        run.mistakes.append(Mistake(codes.UNREADABLE_FILE, told, run.place(path)))
        return
    assignments, mistakes = env_file.read(file, run.known)
    run.assignments += assignments
    run.mistakes += mistakes


def _of_option(run: _Run, option: Option) -> None:
    name, equals, value = option.value.partition("=")
    place = run.place(f"{name}=" if equals else name)
    word = run.words[option.at] if option.at < len(run.words) else Filled("")
    if not equals and name in run.known:
        run.assignments.append(assigned(name, run.known[name], place))
    elif not equals or word.open:
        why = notice("source.run.of_shell", name=name)
        run.assignments.append(Assignment(name, value, place, Fate.IGNORED, why))
    else:
        run.assignments.append(assigned(name, value, place))
        if re.match(r"~|\$\{?[A-Za-z_]", value):
            told = notice("source.run.not_filled", name=name, given=value)
            run.mistakes.append(Mistake(codes.NOT_EXPANDED, told, place, name))


def _behind_image(run: _Run, container: Container) -> None:
    """Take options that stand behind the image, where they are arguments of Ollama."""
    late = next((word for word in run.options.arguments if _FOR_DOCKER.fullmatch(word)), "")
    if not late:
        return
    place = run.place(f" {late}")
    told = notice("source.run.behind_image", option=late, image=container.image)
    run.mistakes.append(Mistake(codes.OPTION_BEHIND_IMAGE, told, place))
    why = notice("source.run.of_image", image=container.image)
    for word in run.options.arguments:
        if found := assignment(word.removeprefix("--env=").removeprefix("-e")):
            ignored = Assignment(*found, run.place(f"{found[0]}="), Fate.IGNORED, why)
            run.assignments.append(ignored)


def _blank(run: _Run) -> Iterator[Mistake]:
    """Yield what became of `NAME = value`: three words, of which the second is taken for the image."""
    name = next(reversed(run.options.all("env")), "")
    run.position = 0
    place = run.place(f"{name} =")
    line = re.sub(rf"\b{re.escape(name)} *= *", f"{name}=", place.text)
    mended = editing.with_line(run.source.files[0].text, place.line, line)
    told = notice("source.run.blank", name=name)
    yield Mistake(codes.BLANK_AROUND_EQUALS, told, place, name, mended)


def _container(run: _Run, models: tuple[str, ...]) -> Container:
    options = run.options

    def edited(one: Assignment, value: str) -> str | None:
        if one.place.path != run.source.path or f"{one.name}={one.value}" not in one.place.text:
            return None
        line = one.place.text.replace(f"{one.name}={one.value}", f"{one.name}={value}", 1)
        return editing.with_line(run.source.files[0].text, one.place.line, line)

    command = (*options.all("entrypoint"), *options.arguments)
    return Container(
        name=options.last("name"),
        place=at(run.source.files[0], run.line.first),
        image=options.image,
        command=() if any(_FOR_DOCKER.fullmatch(word) for word in options.arguments) else command,
        assignments=tuple(run.assignments),
        published=tuple(port for one in options.all("publish") for port in compose_ports.short(one)),
        host_network=options.last("network") == "host",
        memory_limit=sizes.of_docker(options.last("memory")),
        gpu=options.gives_card or (None if _names_cards(run) else False),
        platform=options.last("platform"),
        folders=dict(_folders(options)),
        models=models,
        edited=edited,
    )


def _names_cards(run: _Run) -> bool:
    """Return whether it has a variable that gives it cards where NVIDIA's runtime is the default of Docker."""
    return any(one.name == "NVIDIA_VISIBLE_DEVICES" for one in run.assignments)


def _folders(options: Options) -> Iterator[tuple[str, str]]:
    for text in options.all("volume"):
        source, inside = compose_ports.bound(text)
        if re.match(r"[/.~]|[A-Za-z]:[\\/]", source):
            yield inside, source
    for text in options.all("mount"):
        fields = dict(one.split("=", 1) for one in next(csv.reader([text]), []) if "=" in one)
        source = fields.get("source") or fields.get("src", "")
        inside = fields.get("target") or fields.get("dst") or fields.get("destination", "")
        if source and inside and fields.get("type") == "bind":
            yield inside, source
