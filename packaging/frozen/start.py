"""The program of the bundle: `ollama-panel`, and `-m MODULE` for the child processes that the panel starts.

They are started as `sys.executable -m MODULE`, and in the bundle `sys.executable` is this program.
"""

import os
import runpy
import sys

CHILDREN = ("ollama_panel.sim", "ollama_panel.engine.host.connections_program")


def restore_environment() -> None:
    """Give child processes, such as `ollama serve`, the user's LD_LIBRARY_PATH, and none of PyInstaller's variables.

    The loader has read the bundle's already: this process goes on with the libraries of the bundle.
    """
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]


def hold_modules() -> None:
    """Hold the file open that contains the modules: PyInstaller opens it by its name for each import.

    A panel that runs while its package is upgraded or removed goes on with the modules that it was started with.
    """
    import pyimod02_importers  # PyInstaller's importer, which only the bundle has

    held = os.open(sys.executable, os.O_RDONLY | os.O_CLOEXEC)
    pyimod02_importers.pyz_archive._filename = f"/proc/self/fd/{held}"  # noqa: SLF001 there is no other way to it


def main() -> int:
    """Run the command line, or one of the modules in `CHILDREN`."""
    restore_environment()
    hold_modules()
    if len(sys.argv) > 2 and sys.argv[1] == "-m" and sys.argv[2] in CHILDREN:
        module = sys.argv[2]
        del sys.argv[1:3]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    from ollama_panel.__main__ import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
