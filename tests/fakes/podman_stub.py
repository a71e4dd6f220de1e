"""A `podman` that starts the stub of Ollama in place of a container, with the variables and the port of the container.

    python podman_stub.py run … --env NAME=VALUE … --publish HOST:PORT:PORT …

It tells systemd that it is ready, as conmon does. Other commands, such as `volume create`, do nothing.
"""

import os
import socket
import sys
from itertools import pairwise
from pathlib import Path


def main(arguments: list[str]) -> None:
    if arguments[0] != "run":
        return
    told = dict(value.split("=", 1) for option, value in pairwise(arguments) if option == "--env")
    (published,) = [value for option, value in pairwise(arguments) if option == "--publish"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
    stub = str(Path(__file__).with_name("ollama_stub.py"))
    os.execve(
        sys.executable,
        [sys.executable, stub, "serve"],
        {**told, "OLLAMA_HOST": published.rpartition(":")[0], "INSIDE": told["OLLAMA_HOST"]},
    )


if __name__ == "__main__":
    main(sys.argv[1:])
