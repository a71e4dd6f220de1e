"""What of the files that PyInstaller collects goes into the bundle."""

from __future__ import annotations

from fnmatch import fnmatch

SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/")

QT_PLUGINS = (
    "iconengines/libqsvgicon.so",
    "imageformats/libqsvg.so",
    "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    "platforminputcontexts/libibusplatforminputcontextplugin.so",
    "platforms/libqoffscreen.so",
    "platforms/libqwayland.so",
    "platforms/libqxcb.so",
    "platformthemes/libqgtk3.so",
    "platformthemes/libqxdgdesktopportal.so",
    "wayland-decoration-client/*",
    "wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    "wayland-shell-integration/libxdg-shell.so",
    "xcbglintegrations/*",
)
"""The plugins that a window of widgets needs; icons are SVG."""

QT_TRANSLATIONS = ("qtbase_zh_CN.qm",)

UNUSED = ("libQt6EglF[Ss]*", "libQt6WlShell*", "pyqtgraph/icons/*", "pyqtgraph/colors/*")
"""Libraries of other plugins, by name, and data, by path."""

EXCLUDED_MODULES = (
    *("tkinter", "setuptools", "pkg_resources", "zstandard._cffi", "zstandard.backend_cffi", "cffi"),
    *("yaml._yaml", "yaml.cyaml"),  # a copy of libyaml, which exports do not need
)
"""What a library imports only if it is there."""

EXCLUDED_HOOKS = ("pyi_rth_pyside6",)
"""Run-time hooks of PyInstaller. This one imports Qt, also without a window, and sets variables for child processes
that make other programs load the bundle's Qt; the wheel's Qt finds its plugins by itself."""


def belongs(destination: str, source: str) -> bool:
    """Return whether a collected file goes into the bundle; `destination` is its path there, `source` where it is now.

    Libraries of the system are dependencies of the package instead, so that the system's updates reach the panel; but
    not libpython, which must be exactly the one of the build.
    """
    if source.startswith(SYSTEM_FOLDERS) and not fnmatch(source, "*/libpython3*") and "/python3" not in source:
        return False
    _, is_plugin, plugin = destination.partition("PySide6/Qt/plugins/")
    if is_plugin:
        return any(fnmatch(plugin, kept) for kept in QT_PLUGINS)
    _, is_translation, translation = destination.partition("PySide6/Qt/translations/")
    if is_translation:
        return translation in QT_TRANSLATIONS
    name = destination.rpartition("/")[2]
    return not any(fnmatch(name, unused) or fnmatch(destination, unused) for unused in UNUSED)
