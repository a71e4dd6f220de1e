"""The names of the programs that run now, as `machine.yield_programs` knows them."""

import psutil


def running_programs() -> tuple[str, ...]:
    """Return the names of all processes, each once and in the order of the alphabet. Takes a while: not on Qt's thread.

    A process that ends meanwhile, or tells its name to others only, is left out.
    """
    found = {str(process.info["name"]) for process in psutil.process_iter(["name"]) if process.info["name"]}
    return tuple(sorted(found, key=str.casefold))
