"""nginx and HAProxy as services of a real systemd: an export is put into force by a reload, refused files go back."""

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.record import ApplyStage
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from ollama_panel.engine.applying.applier import Applier
from ollama_panel.engine.applying.hosts import Local
from tests.core.export.samples import exported
from tests.fakes.ports import free_ports
from tests.fakes.systemd_namespace import Namespace, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")

NGINX = """\
error_log /run/nginx.log;
pid /run/nginx.pid;
events {}
http {
    access_log off;
    include /etc/nginx/conf.d/*.conf;
}
"""
HAPROXY = "defaults\n    timeout connect 1s\n    timeout client 1s\n    timeout server 1s\n"
SERVICES = {
    "nginx": "ExecStart={program} -g 'daemon off;'\n",
    "haproxy": (
        "Type=notify\nExecStart={program} -Ws -f /etc/haproxy/haproxy.cfg\nExecReload=/bin/kill -USR2 $MAINPID\n"
    ),
}


class Worker(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"version":"0.32.15"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def worker(port: int) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", port), Worker)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def proxy(name: str, folder: Path) -> Iterator[Namespace]:
    """Run a proxy as a service whose files are in a folder of the test."""
    program = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None or not Path("/etc", name).is_dir():
        pytest.skip(f"not installed: {name}")
    own = folder / name
    (own / "conf.d").mkdir(parents=True)
    (own / "nginx.conf").write_text(NGINX)
    (own / "haproxy.cfg").write_text(HAPROXY)
    with running(folder, f'mkdir -p /run/haproxy; mount --bind "$1/{name}" /etc/{name}') as namespace:
        text = f"[Unit]\nDefaultDependencies=no\n[Service]\n{SERVICES[name].format(program=program)}"
        (namespace.units / f"{name}.service").write_text(text)
        namespace.run("systemctl", "daemon-reload")
        namespace.run("systemctl", "start", f"{name}.service")
        yield namespace


def export_of(name: str, own_port: int, worker_port: int) -> Export:
    pool = PoolSettings(PoolName("chat"))
    settings = Settings(
        pools=(pool,), proxy=ProxySettings(port=own_port), ollama=OllamaSettings(first_port=worker_port)
    )
    return exported(name, settings)


@pytest.mark.parametrize("name", ["nginx", "haproxy"])
async def test_a_proxy_reads_an_export_and_a_file_that_it_refuses_goes_back(name: str, tmp_path: Path) -> None:
    own_port, worker_port = free_ports(2)
    with proxy(name, tmp_path) as namespace, worker(worker_port):
        shell = namespace.command("/bin/sh")
        panel = Applier(tmp_path / "state", lambda _: Local(shell), settle_s=30.0, idle_poll_s=0.05)
        export = export_of(name, own_port, worker_port)
        before = {one: one.read_text() for one in (tmp_path / name).rglob("*") if one.is_file()}
        done = await panel.apply(export)
        assert done.stage is ApplyStage.APPLIED, done
        assert [one.line for one in done.proofs] == ['{"version":"0.32.15"}'], "the worker answers through the proxy"
        broken = msgspec.structs.replace(export.files[0], text=f"{export.files[0].text}\nno such word;\n")
        failed = await panel.apply(msgspec.structs.replace(export, files=(broken, *export.files[1:])))
        assert failed.stage is ApplyStage.RETURNED
        assert failed.problem is not None
        assert render(failed.problem).startswith(f"`{name} -")
        assert (await panel.verify(export)).differs is False
        assert (await panel.undo()).stage is ApplyStage.RETURNED
        assert {one: one.read_text() for one in (tmp_path / name).rglob("*") if one.is_file()} == before
