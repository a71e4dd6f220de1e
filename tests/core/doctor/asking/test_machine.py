"""The machine, from what its scripts print."""

from ollama_panel.core.doctor.asking.machine import clock_of, machine_of, session_of
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import MachineFacts


def blocks(**texts: str) -> list[Block]:
    return [Block(name, (), text) for name, text in texts.items()]


def test_a_linux() -> None:
    found = blocks(
        system="Linux\n",
        release="6.1.0-microsoft-standard-WSL2\n",
        architecture="x86_64\n",
        user="ada\n",
        groups="ada sudo\n",
        home="/home/ada",
        now="1700000000\n",
        cores="8\n",
        meminfo="MemTotal: 1000 kB\nMemAvailable: 400 kB\nSwapTotal: 100 kB\nSwapFree: 30 kB\n",
        booted="1690000000\n",
        limits="max\n524288\n9223372036854771712\n",
    )
    assert machine_of(found) == MachineFacts(
        "Linux",
        "6.1.0-microsoft-standard-WSL2",
        "x86_64",
        "ada",
        ("ada", "sudo"),
        "/home/ada",
        8,
        1000 << 10,
        400 << 10,
        70 << 10,
        524288,
        None,
        1690000000,
        True,
    )
    assert clock_of(found) == 1700000000


def test_a_mac() -> None:
    found = blocks(
        system="Darwin\n",
        release="15.1\n",
        sysctl="hw.memsize: 17179869184\nhw.ncpu: 10\nkern.boottime: { sec = 1700000000, usec = 5 } Mon\n"
        "vm.swapusage: total = 2048.00M  used = 512.50M  free = 1535.50M  (encrypted)\n",
        vm_stat="Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free: 10.\nPages inactive: 20.\n",
    )
    machine = machine_of(found)
    assert (machine.memory_total, machine.cores, machine.booted) == (17179869184, 10, 1700000000)
    assert (machine.swap_used, machine.memory_available) == (int(512.5 * (1 << 20)), 30 * 16384)


def test_nothing_is_known_of_a_machine_that_says_nothing() -> None:
    assert machine_of([]) == MachineFacts(system="")
    assert clock_of([]) is None


def test_the_variables_of_the_session_that_matter() -> None:
    text = "OLLAMA_HOST=a\nPATH=/bin\nOLLAMA_HOST=b\nCUDA_VISIBLE_DEVICES=\nOLLAMA_PANEL_X=1\n"
    assert session_of(blocks(environment=text)) == {"OLLAMA_HOST": "b", "CUDA_VISIBLE_DEVICES": ""}
