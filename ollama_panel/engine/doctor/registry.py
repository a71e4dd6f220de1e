"""The variables that Windows keeps in its registry, as `reg query` prints them."""

import sys

if sys.platform == "win32":
    import winreg

    _TYPES = {winreg.REG_SZ: "REG_SZ", winreg.REG_EXPAND_SZ: "REG_EXPAND_SZ"}

    def variables_text(root: str, key: str) -> str:
        """Return the text values of a key, "" if it cannot be read."""
        lines = [f"{root}\\{key}"]
        try:
            with winreg.OpenKey(getattr(winreg, root), key) as opened:
                for number in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, kind = winreg.EnumValue(opened, number)
                    if kind in _TYPES:
                        lines.append(f"    {name}    {_TYPES[kind]}    {value}")
        except OSError:
            return ""
        return "\n".join((*lines, ""))

else:

    def variables_text(root: str, key: str) -> str:
        """Return nothing: only Windows has a registry."""
        del root, key
        return ""
