"""The files of the menu of Linux desktops, as text: desktop entries, AppStream metainfo, and where icons go.

Their formats are the Desktop Entry Specification 1.5 (with the keys of 1.1, which all checkers know), the Icon Theme
Specification and AppStream 0.16.
"""

import re
from collections.abc import Iterator, Sequence

from ollama_panel.desktop import resource_files

NAME = "ollama-panel"
"""The name of the icon and of the desktop entry; the window says the same (`QGuiApplication.setDesktopFileName`)."""

COMPONENT_ID = "local.ollamapanel.panel"
"""What names the program in AppStream and on macOS: the form is that of a domain, and `local` is nobody's."""

DESKTOP_FILE = f"{NAME}.desktop"
METAINFO_FILE = f"{COMPONENT_ID}.metainfo.xml"

_COMMENT = "One address, a queue and a window for your local Ollama servers"
_COMMENT_ZH = "为本机的 Ollama 服务提供统一地址、排队和控制窗口"
_DESCRIPTION_ZH = (
    "Ollama Panel 是位于本机 Ollama 服务之前、带有队列的代理。不会有请求因为来得晚而失败。"
    "运行状态一目了然。同时运行多少请求由滑块决定。"
)

_MENU_ENTRY = f"""\
[Desktop Entry]
Type=Application
Version=1.1
Name=Ollama Panel
GenericName=Ollama Control Panel
GenericName[zh_CN]=Ollama 控制面板
Comment={_COMMENT}
Comment[zh_CN]={_COMMENT_ZH}
Exec={{command}}
TryExec={{program}}
Icon={NAME}
Terminal=false
Categories=System;Monitor;
Keywords=ollama;LLM;AI;proxy;queue;
StartupNotify=true
StartupWMClass={NAME}
"""

_LOGIN_ENTRY = f"""\
[Desktop Entry]
Type=Application
Version=1.1
Name=Ollama Panel
Comment={_COMMENT}
Comment[zh_CN]={_COMMENT_ZH}
Exec={{command}}
TryExec={{program}}
Icon={NAME}
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
"""

_METAINFO = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{COMPONENT_ID}</id>
  <metadata_license>MIT</metadata_license>
  <project_license>MIT</project_license>
  <name>Ollama Panel</name>
  <summary>{_COMMENT}</summary>
  <summary xml:lang="zh_CN">{_COMMENT_ZH}</summary>
  <developer_name>Ollama Panel contributors</developer_name>
  <description>
    <p>
      Ollama Panel is a proxy with a queue in front of your local Ollama servers: no request fails because others
      arrived first, you see what happens, and sliders decide how much runs at once.
    </p>
    <p xml:lang="zh_CN">{_DESCRIPTION_ZH}</p>
  </description>
  <launchable type="desktop-id">{DESKTOP_FILE}</launchable>
  <icon type="stock">{NAME}</icon>
  <categories>
    <category>System</category>
    <category>Monitor</category>
  </categories>
  <provides>
    <binary>{NAME}</binary>
  </provides>
  <content_rating type="oars-1.1"/>
</component>
"""

_QUOTED = '"`$\\'
"""The characters that a backslash protects inside the double quotes of an Exec line."""

_BY_SHELL = ("sh", "-c", 'exec "$0" "$@"')
"""Runs a program whose path cannot begin an Exec line: the specification forbids `=`, and GLib finds none with `%`."""

_ESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_ESCAPE = re.compile(r"\\([sntr\\])")


def menu_entry(command: Sequence[str]) -> str:
    """Return the desktop entry that opens the window by `command`, a program and its arguments."""
    return _entry(_MENU_ENTRY, command)


def login_entry(command: Sequence[str]) -> str:
    """Return the desktop entry that runs `command` at login."""
    return _entry(_LOGIN_ENTRY, command)


def values(entry: str) -> dict[str, str]:
    """Return the keys of a desktop entry with their values as strings, without those of its actions."""
    group, found = "", dict[str, str]()
    for line in entry.splitlines():
        if line.startswith("["):
            group = line.strip()
        elif "=" in line and group == "[Desktop Entry]" and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[key.strip()] = _ESCAPE.sub(lambda escape: _ESCAPED[escape[1]], value.strip())
    return found


def metainfo() -> str:
    """Return the AppStream metainfo, which software centres read."""
    return _METAINFO


def icons() -> Iterator[tuple[str, bytes]]:
    """Yield the icon's files: their paths in the folder of icon themes (`icons`), and their contents."""
    yield f"hicolor/scalable/apps/{NAME}.svg", resource_files.app_svg()
    for size in resource_files.ICON_SIZES:
        if size <= 512:  # the theme has no folder for larger ones
            yield f"hicolor/{size}x{size}/apps/{NAME}.png", resource_files.app_png(size)


def _entry(template: str, command: Sequence[str]) -> str:
    program = command[0]
    words = (*_BY_SHELL, *command) if "%" in program or "=" in program else command
    return template.format(command=_string(" ".join(map(_argument, words))), program=_string(program))


def _argument(word: str) -> str:
    """Return a word as an argument of an Exec line: `%` begins a field code there, and quotes are those of a shell."""
    word = word.replace("%", "%%")
    if word and all(letter.isalnum() or letter in "/._-+%:@," for letter in word):
        return word
    return '"' + "".join(f"\\{letter}" if letter in _QUOTED else letter for letter in word) + '"'


def _string(text: str) -> str:
    """Return a value of the type `string`, whose escapes are undone before Exec is split into arguments."""
    return text.translate({ord(letter): f"\\{name}" for name, letter in _ESCAPED.items() if letter != " "})
