"""A server at the address of a panel, for what a real one does not answer on demand: it says what a test gives it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from typing_extensions import override

SECRET = "sesame"


class Asked(NamedTuple):
    """A request: its method, its path with the query, its body (None = none), and its key."""

    method: str
    path: str
    body: object
    key: str | None


class Reply(NamedTuple):
    """An answer; each piece of its content is sent when the iterator yields it. `breaks`: it ends without its end."""

    status: int = 200
    content: Iterable[bytes] = ()
    headers: Mapping[str, str] = {}
    breaks: bool = False


def reply(value: object, status: int = 200, **headers: str) -> Reply:
    """Return an answer with a value as JSON; `X_Panel_Instance` is the header of that name."""
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, [msgspec.json.encode(value)], names)


class StandIn(ThreadingHTTPServer):
    """Answers requests by `replies`, which has a function for each method and path, and records them in `asked`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.replies: dict[str, Callable[[Asked], Reply]] = {}
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def on(self, what: str, value: object, status: int = 200, **headers: str) -> None:
        """Answer `METHOD PATH` with a value, or with a `Reply`."""
        answer = value if isinstance(value, Reply) else reply(value, status, **headers)
        self.replies[what] = lambda _: answer

    def bodies(self, what: str) -> list[object]:
        """Return the bodies of all requests for `METHOD PATH`."""
        return [one.body for one in self.asked if f"{one.method} {urlsplit(one.path).path}" == what]


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    @override
    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if self.raw_requestline and self.parse_request():
            self._answer()
        else:
            self.close_connection = True

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, json.loads(raw) if raw else None, self.headers["Authorization"])
        self.server.asked.append(asked)
        found = self.server.replies.get(f"{self.command} {urlsplit(self.path).path}")
        answer = found(asked) if found else reply({"error": "There is no such path.", "code": "panel.no_path"}, 404)
        self.close_connection = True
        self.send_response(answer.status)
        for name, text in (*answer.headers.items(), ("Transfer-Encoding", "chunked"), ("Connection", "close")):
            self.send_header(name, text)
        self.end_headers()
        for piece in answer.content:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"" if answer.breaks else b"0\r\n\r\n")

    @override
    def log_message(self, format: str, *_: object) -> None:
        pass


@contextmanager
def standing_in(state_dir: Path) -> Iterator[StandIn]:
    """Run a stand-in and note its address in a state folder."""
    with StandIn() as stand_in:
        thread = Thread(target=stand_in.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        note = {"pid": 1, "url": stand_in.url, "secret": SECRET}
        (state_dir / "panel.json").write_text(json.dumps(note), encoding="utf-8")
        try:
            yield stand_in
        finally:
            stand_in.shutdown()
            thread.join()
