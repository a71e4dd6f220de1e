"""Scripts and profiles of PowerShell: `$env:`, `SetEnvironmentVariable`, `setx`, and what they start."""

import re
from collections.abc import Sequence

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine import windows_commands
from ollama_panel.core.sources.machine.powershell_text import Kind, Token, filled, statements
from ollama_panel.core.sources.names import is_ollamas, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Mistake, Reading, ServerConfig, Source, TextFile

_ENVIRONMENT = re.compile(r"(?i)^\$(?:\{env:(?P<long>[^}]+)\}|env:(?P<name>\w+))$")
_DRIVE = re.compile(r"(?i)^env:[\\/]?(?P<name>\w+)$")
_SETTING = frozenset(("set-item", "new-item", "si", "ni", "set-content"))
_TAKING = frozenset(("remove-item", "ri", "del", "rm", "clear-item"))
_STARTING = frozenset(("start-process", "saps", "start"))
_CALLED = re.compile(r"(?i)setenvironmentvariable$")
_NOT_PROCESS = frozenset(("user", "machine"))


def read(source: Source) -> Reading:
    """Return what a script does for the server that it starts, or for those that are started later."""
    run = _Run(source.files[0])
    for tokens in statements(source.files[0].text):
        run.take(tokens)
    return run.reading(source)


class _Run:
    """What the statements so far have set: `here` for what the script starts, `later` for the user or the machine."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        self.here = Collected()
        self.later = Collected()
        self.servers = list[ServerConfig]()
        self.mistakes = list[Mistake]()
        self.asks = False
        self._values = dict[str, str]()
        self._table = ""
        self._tables = dict[str, dict[str, tuple[str, int]]]()
        self._enumerated = ""

    def take(self, tokens: Sequence[Token]) -> None:
        """Take a statement."""
        first = tokens[0]
        if first.kind is Kind.SIGN and first.text in "{}":
            self._table = "" if first.text == "}" else self._table
            return
        if len(tokens) > 1 and tokens[1] == Token(Kind.SIGN, "=", tokens[1].line):
            self._assign(first, tokens[2:])
        elif len(tokens) > 2 and _CALLED.search(_called(tokens)):
            self._call(tokens)
        else:
            self._command(tokens)

    def _known(self, name: str) -> str | None:
        return self._values.get(name)

    def _text(self, token: Token) -> str:
        return filled(token, self._known)

    def _value(self, tokens: Sequence[Token]) -> str | None:
        """Return the value of an expression; None = it is none that can be told, `$null` is empty."""
        plain = [token for token in tokens if token.text not in "()" or token.kind is Kind.TEXT]
        if len(plain) != 1:
            return " ".join(token.text for token in tokens) if tokens else None
        text = self._text(plain[0])
        words = {"$null": "", "$true": "True", "$false": "False"}
        return text if plain[0].kind is Kind.TEXT else words.get(text.lower(), text)

    def _assign(self, target: Token, tokens: Sequence[Token]) -> None:
        place = at(self.file, target.line)
        if found := _ENVIRONMENT.match(target.text) if target.kind is Kind.WORD else None:
            name, value = found["long"] or found["name"], self._value(tokens)
            self._values[f"env:{name.lower()}"] = value or ""
            if value:
                self.here.take(name, value, place)
            else:
                self.here.drop(notice("source.taken_away"), {name})
        elif self._table and target.text:
            value = self._value(tokens)
            self._tables[self._table][self._text(target)] = (value or "", target.line)
        elif target.kind is Kind.WORD and target.text.startswith("$"):
            self._variable(target, tokens)

    def _variable(self, target: Token, tokens: Sequence[Token]) -> None:
        """Take a variable of the script itself, or a table of names and values that begins here."""
        name = target.text[1:]
        if tokens and tokens[-1].text == "@":
            self._table = name.lower()
            self._tables[self._table] = {}
            return
        value = self._value(tokens)
        if len(tokens) == 1 and value is not None:
            self._values[name.lower()] = value
        elif any("ollama.exe" in token.text.lower() for token in tokens):
            self._values[name.lower()] = "ollama.exe"
        if is_ollamas(name):
            line = editing.line_at(self.file.text, target.line)
            new = line.replace(f"${name}", f"$env:{name}", 1)
            mended = editing.with_lines(self.file.text, target.line, target.line, (new,))
            told = notice("source.powershell_variable", name=name)
            self.mistakes.append(mistake(codes.NOT_EXPORTED, told, self.file, target.line, name=name, mended=mended))
            self.here.leave(name, value or "", at(self.file, target.line), notice("source.is_not_exported"))

    def _call(self, tokens: Sequence[Token]) -> None:
        """Take `[Environment]::SetEnvironmentVariable(NAME, VALUE, TARGET)`."""
        start = next(index for index, token in enumerate(tokens) if token.text == "(")
        arguments = _arguments(tokens[start + 1 :])
        if len(arguments) < 2:
            return
        target = (self._value(arguments[2]) or "").lower().rpartition(":")[2] if len(arguments) > 2 else "process"
        collected = self.later if target in _NOT_PROCESS else self.here
        name, value = self._value(arguments[0]) or "", self._value(arguments[1])
        place = at(self.file, tokens[0].line)
        if name.lower().endswith(".key"):
            for key, (text, line) in self._tables.get(self._enumerated, {}).items():
                if text:
                    collected.take(key, text, at(self.file, line))
        elif value and windows_commands.is_name(name):
            collected.take(name, value, place)
        else:
            collected.drop(notice("source.taken_away"), {name})

    def _command(self, tokens: Sequence[Token]) -> None:
        texts = [self._text(token) for token in tokens if token.kind is not Kind.SIGN]
        if not texts:
            return
        name = texts[0].lower()
        if name == "foreach":
            self._enumerated = next((one[1:].lower().partition(".")[0] for one in texts[3:] if one.startswith("$")), "")
        elif name in _SETTING | _TAKING:
            self._item(name, texts[1:], tokens[0].line)
        elif name in ("set", "setx", "setx.exe"):
            self._set(name, tokens)
        else:
            words = _started(texts) if name in _STARTING else texts
            if (server := windows_commands.server(words)) is not None:
                variables = tuple(one for one in self.here.assignments if is_setting(one.name))
                self.servers.append(ServerConfig(assignments=variables, command=server))
            self.asks |= windows_commands.asks(words)

    def _item(self, name: str, texts: Sequence[str], line: int) -> None:
        """Take `Set-Item Env:NAME VALUE` and `Remove-Item Env:NAME`."""
        plain = [text for text in texts if not text.startswith("-")]
        found = _DRIVE.match(plain[0]) if plain else None
        if found is None:
            return
        if name in _TAKING:
            self.here.drop(notice("source.taken_away"), {found["name"]})
        elif len(plain) > 1:
            self.here.take(found["name"], plain[1], at(self.file, line))

    def _set(self, command: str, tokens: Sequence[Token]) -> None:
        """Take `setx`, and `set`, which in PowerShell is Set-Variable."""
        words = [self._text(token) for token in tokens[1:] if token.text != "="]
        line = tokens[0].line
        name, equals, value = words[0].partition("=") if words else ("", "", "")
        equals = equals or next((token.text for token in tokens[2:3] if token.text == "="), "")
        value = value or (words[1] if len(words) > 1 else "")
        if not is_ollamas(name):
            return
        if command != "set" and not equals:
            self.later.take(name, value, at(self.file, line))
            return
        code = "source.set_in_powershell" if command == "set" else "source.setx_equals"
        told = notice(code, name=name) if command == "set" else notice(code, name=name, value=value)
        new = f'$env:{name} = "{value}"' if command == "set" else f'setx {name} "{value}"'
        mended = editing.with_lines(self.file.text, line, line, (new,))
        self.mistakes.append(mistake(codes.BAD_SYNTAX, told, self.file, line, name=name, mended=mended))
        self.here.leave(name, value, at(self.file, line), notice("source.no_name", name=f"{name}={value}"))

    def reading(self, source: Source) -> Reading:
        """Return what all of them come to."""
        return windows_commands.reading(source, self.here, self.later, self.servers, self.mistakes, asks=self.asks)


def _called(tokens: Sequence[Token]) -> str:
    """Return what is called, as `[Environment]::SetEnvironmentVariable`."""
    start = next((index for index, token in enumerate(tokens) if token.text == "("), None)
    return "" if start is None else "".join(token.text for token in tokens[:start])


def _arguments(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the arguments of a call, up to its closing bracket."""
    found, depth = [list[Token]()], 0
    for token in tokens:
        if token.kind is Kind.SIGN and token.text in "([":
            depth += 1
        elif token.kind is Kind.SIGN and token.text in ")]":
            depth -= 1
            if depth < 0:
                break
        if token.kind is Kind.SIGN and token.text == "," and depth == 0:
            found.append([])
        elif token.text not in ("[", "]") or token.kind is Kind.TEXT:
            found[-1].append(token)
    return found


def _started(texts: Sequence[str]) -> list[str]:
    """Return the command that `Start-Process` starts: its path, then the words of its arguments."""
    words, taken = list[str](), ""
    for text in texts[1:]:
        if text.startswith("-") and len(text) > 2:
            taken = text.lower()
        elif taken in (
            "-workingdirectory",
            "-windowstyle",
            "-verb",
            "-redirectstandarderror",
            "-redirectstandardoutput",
        ):
            taken = ""
        else:
            words += [text] if not words else text.split()
    return words
