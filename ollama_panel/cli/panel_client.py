"""The client of the panel that runs on a state folder: its HTTP API, which the owner's secret opens, and Ollama's.

httpx is imported when a panel is asked: it takes longer than all else that most commands import.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec
from typing_extensions import override

from ollama_panel.core.errors import PanelError, not_read
from ollama_panel.core.notices import notice
from ollama_panel.engine.files import read_file
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import PanelInfo, is_abandoned

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_TIMEOUT_S = 10.0
_CLIENT = "ollama-panel"
"""The name under which these requests wait in the queue."""
_PANEL = "/panel/"
_NO_PATH = (404, 405, 501)
"""What servers answer to a path or a method that they do not know: other programs, or a panel of an older version."""
_UNAUTHORIZED = 401

Query: TypeAlias = Mapping[str, str | int]
_NO_QUERY: Query = {}


class RefusedError(PanelError):
    """The panel, or an Ollama behind it, answered with an error: its status, its code, "" if it has none, its words."""

    def __init__(self, url: str, status: int, code: str, words: str) -> None:
        super().__init__(notice("status.answer", url=url, status=status, answer=words))
        self.status = status
        self.code = code
        self.words = words

    @override
    def __str__(self) -> str:
        """Return the sentence of the panel, or, around the words of anything else, one that says whose they are."""
        return self.words if self.code else super().__str__()


class AbsentError(PanelError):
    """No panel of this folder answers: none runs, it is off, or another program answers. Nothing was asked of it."""


class _Problem(msgspec.Struct):
    error: str
    code: str = ""


class Panel:
    """The running panel. Every method raises PanelError if it cannot be reached, refuses, or is another one.

    Only requests below `/panel/` have the secret: others are passed on to an Ollama with all their headers.
    """

    def __init__(self, note: PanelInfo, folder: Path) -> None:
        self.url = note.url
        self._folder = folder
        self._secret = {b"Authorization": b"Bearer " + note.secret.encode()}

    def get(self, path: str, kind: type[T], query: Query = _NO_QUERY) -> T:
        """Return what is at a path."""
        return decoded(self.ask("GET", path, query=query), kind)

    def change(self, method: str, path: str, kind: type[T], body: object = None, query: Query = _NO_QUERY) -> T:
        """Send a change and return the answer to it. With `wait` in the query it takes as long as it takes."""
        return decoded(self.ask(method, path, body, patient="wait" in query, query=query), kind)

    def ask(
        self, method: str, path: str, body: object = None, *, patient: bool = False, query: Query = _NO_QUERY
    ) -> "httpx.Response":
        """Return the answer to one request, `patient` however long it takes."""
        with self.stream(method, path, body, patient=patient, query=query) as answer:
            with self._reached(path):
                answer.read()
            return answer

    @contextlib.contextmanager
    def stream(
        self, method: str, path: str, body: object = None, *, patient: bool = True, query: Query = _NO_QUERY
    ) -> "Iterator[httpx.Response]":
        """Return an answer whose content is still to come; leaving the context breaks it off."""
        import httpx

        timeout = httpx.Timeout(_TIMEOUT_S, read=None if patient else _TIMEOUT_S)
        headers: dict[bytes, bytes] = {b"X-Client-ID": _CLIENT.encode()}
        if path.startswith(_PANEL):
            headers |= self._secret
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            headers[b"Content-Type"] = b"application/json"
        with contextlib.ExitStack() as stack:
            with self._reached(path):
                client = stack.enter_context(httpx.Client(timeout=timeout, trust_env=False))
                url = self.url + path
                answer = stack.enter_context(
                    client.stream(method, url, content=content, headers=headers, params=query or None)
                )
                if not answer.is_success:
                    answer.read()
                    raise self._refused(path, answer)
            yield answer

    def lines(self, answer: "httpx.Response") -> Iterator[bytes]:
        """Yield the lines of an answer as they come, without their ends; blank ones are heartbeats and left out."""
        rest = b""
        with self._reached(answer.url.path):
            for piece in answer.iter_bytes():
                *whole, rest = (rest + piece).split(b"\n")
                yield from filter(bytes.strip, whole)
        if rest.strip():
            yield rest

    @contextlib.contextmanager
    def _reached(self, path: str) -> Iterator[None]:
        import httpx

        not_connected = (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol)
        try:
            yield
        except (httpx.TransportError, httpx.InvalidURL) as error:
            if is_abandoned(Paths(self._folder)):
                raise AbsentError(notice("status.nobody", path=str(self._folder))) from error
            kind = AbsentError if isinstance(error, not_connected) else PanelError
            reason = str(error) or type(error).__name__
            raise kind(notice("status.silent", url=self.url + path, reason=reason)) from error

    def _refused(self, path: str, answer: "httpx.Response") -> PanelError:
        if answer.status_code == _UNAUTHORIZED and path.startswith(_PANEL):
            return AbsentError(notice("status.stranger", url=self.url))
        words, code = " ".join(answer.text.split())[:200], ""
        with contextlib.suppress(msgspec.DecodeError):
            problem = msgspec.json.decode(answer.content, type=_Problem)
            words, code = problem.error, problem.code
        if path.startswith(_PANEL) and answer.status_code in _NO_PATH and code in ("", "panel.no_path"):
            return AbsentError(notice("status.answer", url=self.url + path, status=answer.status_code, answer=words))
        return RefusedError(self.url + path, answer.status_code, code, words)


def decoded(answer: "httpx.Response", kind: type[T]) -> T:
    """Return the content of an answer. Raises PanelError if the panel is of a version that answers otherwise."""
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        url = str(answer.url.join("/")).rstrip("/")
        raise PanelError(notice("status.version", url=url, reason=str(error))) from error


def connect(state_dir: Path | None) -> Panel:
    """Return the panel of a state folder; it is not asked yet.

    Raises AbsentError if there is none, or if it is off, and PanelError if it is another user's.
    """
    paths = Paths.of(state_dir)
    try:
        note = msgspec.json.decode(read_file(paths.panel), type=PanelInfo)
    except FileNotFoundError:
        raise AbsentError(notice("status.nobody", path=str(paths.state_dir))) from None
    except PermissionError as error:
        raise PanelError(not_read(str(paths.panel), error, notice("advice.other_user"))) from error
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AbsentError(not_read(str(paths.panel), error, notice("advice.restart_panel"))) from error
    if not note.url:
        raise AbsentError(notice("status.proxy_off", pid=note.pid))
    if is_abandoned(paths):  # another program may have its port by now, and must get nothing of this
        raise AbsentError(notice("status.nobody", path=str(paths.state_dir)))
    return Panel(note, paths.state_dir)


def if_running(state_dir: Path | None, ask: Callable[[Panel], T]) -> T | None:
    """Return what the panel of a state folder answers to `ask`, or None if none answers.

    Then the settings file is changed instead: a panel that cannot be reached notices that.
    """
    try:
        return ask(connect(state_dir))
    except AbsentError:
        return None
