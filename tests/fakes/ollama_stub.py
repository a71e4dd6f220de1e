"""A minimal `ollama serve` as a real child process, which can misbehave on demand.

    python ollama_stub.py [--version V] [--die CODE [--trace LINES]] [--ignore-sigterm] [--mute] [--runner]
                          [--truncates] [--log FILE] serve

It listens where OLLAMA_HOST says. `POST /stub/hang` makes it stop answering, `POST /stub/exit` makes it die,
`POST /stub/log` makes it log the lines of the body. It logs those of the file at its start.
"""
# ruff: noqa: T201 (its output is read as a server's log)

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BLOB = "/models/blobs/sha256-0123"
CONFIGURED = ("OLLAMA_CONTEXT_LENGTH", "OLLAMA_KV_CACHE_TYPE", "OLLAMA_NUM_PARALLEL")
NEVER = threading.Event()


class Handler(BaseHTTPRequestHandler):
    hung = False

    def do_GET(self) -> None:
        if type(self).hung:
            NEVER.wait()
        if self.path == "/api/version":
            self.answer({"version": self.server.version})
        elif self.path == "/api/ps":
            models = [{"name": "tiny:latest", "model": "tiny:latest", "size": 10, "digest": "d1", "size_vram": 7}]
            self.answer({"models": models if self.server.runner else []})
        else:
            self.answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/stub/hang":
            type(self).hung = True
        elif self.path == "/stub/log":
            print(content.decode(), flush=True)
        elif self.path == "/stub/exit":
            print("panic: the stub was told to die", flush=True)
            os._exit(3)
        self.answer({"modelfile": f"FROM {BLOB}\n", "parameters": "num_ctx 2048", "capabilities": ["completion"]})

    def answer(self, body: object, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class RunnerHandler(Handler):
    def do_GET(self) -> None:
        self.answer({"status": "ok"})


def run_runner() -> "subprocess.Popen[bytes]":
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    argv = [sys.executable, __file__, "runner", "--model", BLOB, "-c", "8192", "-np", "4", "--port", str(port)]
    child = subprocess.Popen(argv, stdout=subprocess.PIPE)
    child.stdout.readline()
    return child


def be_runner() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[-1])), RunnerHandler)
    server.daemon_threads = True
    print("listening", flush=True)
    server.serve_forever()


def serve(options: argparse.Namespace) -> None:
    if options.ignore_sigterm:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if options.die is not None:
        print("level=INFO all is well")
        print("Error: something is wrong with the stub", file=sys.stderr, flush=True)
        print("goroutine 1 [running]:\n" * options.trace, end="", file=sys.stderr, flush=True)
        sys.exit(options.die)
    shown = " ".join(f"{name}:{os.environ.get(name, '')}" for name in CONFIGURED)
    print(f'time=0 level=INFO source=x.go:1 msg="server config" env="map[{shown}]"', flush=True)
    host, _, port = os.environ["OLLAMA_HOST"].partition(":")
    Handler.hung = options.mute
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    server.version = options.version
    server.runner = run_runner() if options.runner else None
    print(f'time=0 level=INFO source=x.go:1 msg="Listening on {host}:{port} (version {options.version})"', flush=True)
    if options.log:
        print(Path(options.log).read_text(encoding="utf-8"), flush=True)
    if options.truncates:
        print('level=WARN msg="truncating input prompt" limit=2048 prompt=4505 keep=5 new=2048', flush=True)
    print("OLLAMA_NUM_PARALLEL is", os.environ.get("OLLAMA_NUM_PARALLEL"), flush=True)
    server.serve_forever()


def main() -> None:
    if "runner" in sys.argv:
        be_runner()
    parser = argparse.ArgumentParser()
    parser.add_argument("--die", type=int)
    parser.add_argument("--log")
    parser.add_argument("--trace", type=int, default=0)
    parser.add_argument("--version", default="0.32.15")
    for habit in ("--ignore-sigterm", "--mute", "--runner", "--truncates"):
        parser.add_argument(habit, action="store_true")
    parser.add_argument("command")
    serve(parser.parse_args())


if __name__ == "__main__":
    main()
