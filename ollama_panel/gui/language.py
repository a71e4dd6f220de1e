"""The language of the window, English or Simplified Chinese, and its translators."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from ollama_panel.desktop import resource_files

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""The code (as in the settings) and the native name of every language with a translation."""


def chosen(code: str) -> str:
    """Return the language for a setting: another region or script of it, too, such as zh or en_GB.

    "" and languages without a translation follow the desktop if its language has one.
    """
    spoken = code.lower().replace("-", "_").partition("_")[0]
    for known in LANGUAGES:
        if spoken == known.partition("_")[0]:
            return known
    return "zh_CN" if QLocale.system().language() is QLocale.Language.Chinese else "en"


class Language:
    """The translators in use; they apply to widgets that are created after `use`."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        self.code = ""

    def use(self, setting: str) -> bool:
        """Install the translators of a setting's language; return whether the language has changed."""
        code = chosen(setting)
        if code == self.code:
            return False
        self.code = code
        for translator in self._installed:
            self._app.removeTranslator(translator)
            translator.deleteLater()
        ours = (f"ollama_panel_{code}", str(resource_files.folder() / "translations"))
        qts = (f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        self._installed = [*self._load(*qts), *self._load(*ours)]
        for translator in self._installed:
            self._app.installTranslator(translator)
        QLocale.setDefault(_digits(code))
        return True

    def _load(self, name: str, folder: str) -> tuple[QTranslator, ...]:
        translator = QTranslator(self._app)
        return (translator,) if translator.load(name, folder) else ()


def _digits(code: str) -> QLocale:
    """Return the locale for numbers: the desktop's for English, unless the desktop has none."""
    desktop = QLocale.system()
    return QLocale(code) if code != "en" or desktop.language() is QLocale.Language.C else desktop
