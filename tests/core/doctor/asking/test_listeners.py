"""Ports on which programs listen, as each system tells of them."""

from ollama_panel.core.doctor.asking.listeners import listeners_of
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import Listener

SS = """\
LISTEN 0 4096 127.0.0.1:11434 0.0.0.0:* users:(("ollama",pid=77,fd=3),("ollama",pid=78,fd=3))
LISTEN 0 128 [::]:22 [::]:*
LISTEN 0 128 *:8080 *:* users:(("my (odd) name",pid=9,fd=4))
LISTEN 0 128 127.0.0.53%lo:53 0.0.0.0:*
"""
TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:2CAA 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 2
   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0 0 0 0 0
"""
LSOF = "p77\ncollama\nf3\nn127.0.0.1:11434\nf4\nn[::1]:11434\np78\ncnode\nn*:3000\n"


def test_what_ss_tells() -> None:
    assert listeners_of([Block("ss", (), SS)], {}) == (
        Listener("::", 22),
        Listener("127.0.0.53", 53),
        Listener("0.0.0.0", 8080, 9, "my (odd) name"),
        Listener("127.0.0.1", 11434, 77, "ollama"),
    )


def test_what_the_kernel_tells() -> None:
    assert listeners_of([Block("tcp", (), TCP)], {}) == (Listener("::1", 80), Listener("127.0.0.1", 11434))


def test_what_lsof_tells() -> None:
    assert listeners_of([Block("lsof", (), LSOF)], {}) == (
        Listener("0.0.0.0", 3000, 78, "node"),
        Listener("127.0.0.1", 11434, 77, "ollama"),
        Listener("::1", 11434, 77, "ollama"),
    )


def test_a_line_that_is_no_socket_is_passed_over() -> None:
    assert listeners_of([Block("tcp", (), "0: 7 0 0A\n1: 0:0050 0 0A\n2: 0100007F: 0 0A\n")], {}) == ()
