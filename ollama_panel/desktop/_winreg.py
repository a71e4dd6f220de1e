"""The registry of the current user, by the standard library; it exists on Windows alone."""

import sys
import winreg

assert sys.platform == "win32"


class UserRegistry:
    """HKEY_CURRENT_USER. All methods raise OSError."""

    def read(self, key: str, name: str) -> str | bytes | None:
        """Return a value, None if there is none or it is neither text nor bytes."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                value, _ = winreg.QueryValueEx(opened, name)
        except FileNotFoundError:
            return None
        return value if isinstance(value, str | bytes) else None

    def write(self, key: str, name: str, text: str) -> None:
        """Write a value of the type REG_SZ, and make its key if there is none."""
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

    def delete(self, key: str, name: str) -> None:
        """Delete a value that exists."""
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
            winreg.DeleteValue(opened, name)
