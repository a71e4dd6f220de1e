"""English and Simplified Chinese: which one, and its translators."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from ollama_panel.gui import resources

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""Code (as in the settings) and own name of every language there is a translation for."""


def chosen(code: str) -> str:
    """Return the language to use for a setting; "" follows the desktop, as far as we speak its language."""
    if code in LANGUAGES:
        return code
    return "zh_CN" if QLocale.system().language() is QLocale.Language.Chinese else "en"


class Language:
    """The translators in use; widgets made after `use` speak its language."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        self.code = ""

    def use(self, setting: str) -> bool:
        """Speak the language of a setting; return whether that is another one than before."""
        code = chosen(setting)
        if code == self.code:
            return False
        self.code = code
        for translator in self._installed:
            self._app.removeTranslator(translator)
            translator.deleteLater()
        ours = (f"ollama_panel_{code}", str(resources.folder() / "translations"))
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
    """Return how numbers are written: as on this desktop, if it has a say."""
    desktop = QLocale.system()
    return QLocale(code) if code != "en" or desktop.language() is QLocale.Language.C else desktop
