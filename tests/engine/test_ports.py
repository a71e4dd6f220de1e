import os
import socket

import psutil

from ollama_panel.engine.ports import is_free, listener, owner_of, taken_ports


def test_a_port_is_taken_while_somebody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert port in taken_ports(port, count=1)
        found = listener(port)
        assert found is not None
        assert found.pid == os.getpid()
        assert owner_of(port) == f"{psutil.Process().name()} (process {os.getpid()})"
    assert is_free("127.0.0.1", port)
    assert listener(port) is None
    assert owner_of(port) == "another program"


def test_closed_connections_do_not_keep_a_port():
    """A restarted worker must get its port back while the system still remembers the old connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    assert is_free("127.0.0.1", port)


def test_the_last_port_is_the_end():
    assert all(port <= 65535 for port in taken_ports(65530))
