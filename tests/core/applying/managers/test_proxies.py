import pytest

from ollama_panel.core.applying.evidence import evidence_of
from ollama_panel.core.applying.managers.proxies import HAPROXY, NGINX, Proxy
from tests.core.applying.samples import export_of
from tests.fakes.stub_programs import run_with


@pytest.mark.parametrize(
    ("proxy", "text", "port"),
    [
        (NGINX, "server {\n    listen 8080;\n}\n", 8080),
        (NGINX, "server {\n    listen 127.0.0.1:8081;\n}\n", 8081),
        (NGINX, "server {\n    listen [::]:8082;\n}\n", 8082),
        (HAPROXY, "frontend ollama\n    bind 127.0.0.1:8083\n", 8083),
        (HAPROXY, "frontend ollama\n    bind :8084\n    bind :8085\n", 8084),
        (HAPROXY, "backend a\n", 0),
    ],
)
def test_a_proxy_answers_at_the_port_of_its_file(proxy: Proxy, text: str, port: int) -> None:
    (one,) = proxy.units(export_of(proxy.program), [("/etc/a", text)])
    assert (one.port, one.worker, one.own_address) == (port, None, True)


def test_a_proxy_reads_its_file_and_breaks_no_answer_off() -> None:
    assert NGINX.reload() == ("nginx -s reload",)
    assert HAPROXY.check([("/etc/haproxy/a b.cfg", "")]) == ("haproxy -c -q -f '/etc/haproxy/a b.cfg'",)
    (one,) = NGINX.units(export_of("nginx"), [("/etc/a", "")])
    assert (NGINX.graceful, NGINX.root, NGINX.restart(one, new=True), NGINX.stop(one, new=True)) == (True, True, (), ())
    assert [missing.code for _, missing in NGINX.needed([one])] == ["apply.no_program", "apply.not_running"]


def test_a_proxy_that_does_not_run() -> None:
    (one,) = NGINX.units(export_of("nginx"), [("/etc/a", "")])
    assert evidence_of(run_with({"pgrep": "echo 812"}, NGINX.look(one))).state == "active"
    assert evidence_of(run_with({"pgrep": "exit 1"}, NGINX.look(one))).state == "gone"
