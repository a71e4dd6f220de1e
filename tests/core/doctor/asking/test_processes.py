"""Processes: of Linux by its files, of macOS by `ps`."""

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.asking.processes import detail, details_of, runners_of, servers_of, table_of

STAT = """\
1 (systemd) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 100 2 0
70 (a b) c) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 100 3 0
77 (ollama) S 70 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1000 100 4 0
78 (ollama) Z 70 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1000 100 4 0
90 (llama-server) S 77 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 2000 100 10 0
"""
LIST = [
    Block("booted", (), "1700000000\n"),
    Block("ticks", (), "100\n"),
    Block("stat", (), STAT),
    Block("ours", (), "77\n78\n90\n99\n"),
]
RUNNER = "/usr/lib/ollama/llama-server\n--model\n/m/blobs/sha256-aa\n-np\n4\n"
DETAIL = [
    Block("arguments", ("77",), "/usr/bin/ollama\nserve\n"),
    Block("arguments", ("70",), "/bin/sh\n-c\na\x01b\n"),
    Block("arguments", ("90",), RUNNER),
    Block("cgroup", ("77",), "0::/system.slice/ollama.service\n"),
    Block("environment", ("77",), "OLLAMA_HOST=0.0.0.0\nA=b\x01c\n"),
    Block("links", ("77",), "ada\n/usr/bin/ollama\nsocket:[1]\n/var/log/o.log\n"),
    Block("home", ("ada",), "/home/ada"),
]


def test_a_server_of_linux_with_all_around_it() -> None:
    table = table_of(LIST)
    details = details_of(DETAIL, table)
    (server,) = servers_of(table, details, "ada", lambda unit, user_unit: 77 if unit == "ollama.service" else None)
    assert (server.pid, server.since, server.rss_bytes) == (77, 1700000010.0, 14 * 4096)
    assert (server.user, server.ours, server.main_pid) == ("ada", True, 77)
    assert server.environment == {"OLLAMA_HOST": "0.0.0.0", "A": "b\nc"}
    assert server.outputs == ("socket:[1]", "/var/log/o.log")
    assert [(one.name, one.arguments) for one in server.ancestors or ()] == [
        ("a b) c", ("/bin/sh", "-c", "a\nb")),
        ("systemd", ()),
    ]
    assert details.homes == {"ada": "/home/ada"}
    (runner,) = runners_of(table, details, 77)
    assert (runner.pid, runner.model) == (90, "/m/blobs/sha256-aa")


def test_only_what_is_around_the_servers_is_asked_for() -> None:
    script = detail(table_of(LIST))
    assert script.endswith("of 77 all\nof 90 all\nof 1 ''\nof 70 ''\n")


def test_what_tells_nothing_of_itself_is_unknown() -> None:
    table = table_of(LIST)
    other = details_of([Block("arguments", ("77",), "ollama\nserve\n"), Block("links", ("77",), "ollama\n\n")], table)
    (server,) = servers_of(table, other, "ada", lambda *_: None)
    assert (server.user, server.ours, server.environment, server.program) == ("ollama", False, None, "")


def test_a_server_of_macos() -> None:
    app = "/Applications/Ollama.app/Contents"
    ps = (
        "    1     0 root 10-00:00:00 100 /sbin/launchd\n"
        f"  500     1 ada 01:00:00 200 {app}/MacOS/Ollama hidden\n"
        f"  501   500 ada 59:30 300 {app}/Resources/ollama serve\n"
    )
    programs = f"    1 /sbin/launchd\n  500 {app}/MacOS/Ollama\n  501 {app}/Resources/ollama\n"
    found = [
        Block("now", (), "1700003600\n"),
        Block("ps", (), ps),
        Block("programs", (), programs),
        Block("jobs", (), "501\t0\tcom.ollama.serve\n-\t1\tother\n"),
    ]
    table = table_of(found)
    told = f"{app}/Resources/ollama serve OLLAMA_HOST=0.0.0.0 OLLAMA_ORIGINS=a b HOME=/Users/ada\n"
    details = details_of([Block("environment", ("501",), told)], table)
    (server,) = servers_of(table, details, "ada", lambda *_: None)
    assert (server.pid, server.since, server.platform) == (501, 1700000030.0, "darwin")
    assert server.arguments == (f"{app}/Resources/ollama", "serve")
    assert server.environment == {"OLLAMA_HOST": "0.0.0.0", "OLLAMA_ORIGINS": "a b", "HOME": "/Users/ada"}
    assert [one.name for one in server.ancestors or ()] == ["Ollama", "launchd"]
    assert server.label == "com.ollama.serve"
    assert detail(table).endswith("of 500\nof 501\n")


def test_variables_of_another_user_are_not_told_by_macos() -> None:
    found = [
        Block("now", (), "9\n"),
        Block("ps", (), "7 1 bob 00:01 1 ollama serve\n"),
        Block("programs", (), "7 ollama"),
    ]
    table = table_of(found)
    details = details_of([Block("environment", ("7",), "ollama serve\n")], table)
    assert details.environments == {7: {}}
