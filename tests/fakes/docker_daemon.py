"""A Docker daemon that starts nothing and remembers what it was asked to: `docker` itself reads its command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Daemon(ThreadingHTTPServer):
    """A daemon on a free port of 127.0.0.1; `created` has the body of each request for a container, by name."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.created = dict[str, Any]()
        self.calls = list[str]()

    @property
    def address(self) -> str:
        """What the variable DOCKER_HOST is to have."""
        return f"tcp://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Daemon

    def log_message(self, *_: Any) -> None:
        """Keep the output of tests free of requests."""

    def _answer(self, status: int, content: object = None) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.45")
        self.send_header("OSType", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self._answer(200)

    def do_GET(self) -> None:
        self._answer(200, {"Id": "0", "ApiVersion": "1.45", "MinAPIVersion": "1.24"})

    def do_DELETE(self) -> None:
        self.server.calls.append(f"DELETE {self.path}")
        self._answer(404, {"message": "No such container"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        self.server.calls.append(f"POST {url.path}")
        if url.path.endswith("/containers/create"):
            (name,) = parse_qs(url.query)["name"]
            self.server.created[name] = json.loads(body)
            self._answer(201, {"Id": name, "Warnings": []})
        else:
            self._answer(204)


@contextmanager
def docker_daemon() -> Iterator[Daemon]:
    """Run a daemon until the block ends."""
    daemon = Daemon()
    thread = Thread(target=daemon.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield daemon
    finally:
        daemon.shutdown()
        daemon.server_close()
        thread.join()
