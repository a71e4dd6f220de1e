"""The table model of Ollama's environment variables, and the words for them."""

from PySide6.QtCore import QCoreApplication, QObject, Qt

from ollama_panel.core.ollama.environment_answer import KnownVariable
from ollama_panel.core.ollama.environment_kinds import Kind, Reads, Restarts
from ollama_panel.gui import format as fmt
from ollama_panel.gui import setting_texts
from ollama_panel.gui.models.records import Column, RecordTable
from ollama_panel.gui.notices import notice_text


def variable_table(parent: QObject) -> RecordTable[KnownVariable]:
    """Return the table model of the variables, with their names as keys."""
    translate = QCoreApplication.translate
    columns = [
        Column[KnownVariable](translate("variable_table", "Variable"), lambda one: one.name),
        Column[KnownVariable](translate("variable_table", "Type"), kind_text),
        Column[KnownVariable](translate("variable_table", "Default"), lambda one: one.default or fmt.UNKNOWN),
        Column[KnownVariable](translate("variable_table", "Ollama"), versions_text),
        Column[KnownVariable](translate("variable_table", "Restarts"), restarts_text),
        Column[KnownVariable](
            translate("variable_table", "Meaning"),
            setting_texts.variable,
            {Qt.ItemDataRole.ToolTipRole: setting_texts.variable},
        ),
    ]
    return RecordTable(columns, lambda one: one.name, parent)


def kind_text(one: KnownVariable) -> str:
    """Return the type of a value in a word."""
    translate = QCoreApplication.translate
    return {
        Kind.COUNT: translate("variable_table", "number"),
        Kind.COUNTS: translate("variable_table", "numbers"),
        Kind.BYTES: translate("variable_table", "bytes"),
        Kind.SWITCH: translate("variable_table", "1 or 0"),
        Kind.TRISTATE: translate("variable_table", "1, 0 or unset"),
        Kind.TOGGLE: translate("variable_table", "on or off"),
        Kind.DURATION: translate("variable_table", "time"),
        Kind.CHOICE: translate("variable_table", "choice"),
        Kind.TEXT: translate("variable_table", "text"),
        Kind.ADDRESS: translate("variable_table", "address"),
        Kind.FOLDER: translate("variable_table", "folder"),
        Kind.ORIGINS: translate("variable_table", "origins"),
        Kind.LIBRARY: translate("variable_table", "library"),
        Kind.DEVICES: translate("variable_table", "devices"),
        Kind.GFX: translate("variable_table", "GPU type"),
    }[one.kind]


def versions_text(one: KnownVariable) -> str:
    """Return the versions of Ollama that read a variable; "—" if it is a library that reads it."""
    if one.until:
        return QCoreApplication.translate("variable_table", "{since} to {until}").format(
            since=one.since, until=one.until
        )
    since = QCoreApplication.translate("variable_table", "{since} and later").format(since=one.since)
    return since if one.since else fmt.UNKNOWN


def restarts_text(one: KnownVariable) -> str:
    """Return what a change restarts, in few words; the details have the sentence."""
    translate = QCoreApplication.translate
    if one.unread is not None or one.instead is not None:
        return translate("variable_table", "no effect here")
    if one.restarts is Restarts.NOTHING:
        return translate("variable_table", "nothing")
    if one.reads is Reads.LOAD:
        return translate("variable_table", "workers; next load")
    return translate("variable_table", "workers")


def details(one: KnownVariable) -> str:
    """Return all that is known of a variable, in lines."""
    translate = QCoreApplication.translate
    facts = translate("variable_table", "Value: {values}. Default: {default}. Ollama: {versions}.").format(
        values=notice_text(one.values), default=one.default or fmt.UNKNOWN, versions=versions_text(one)
    )
    without_effect = ""
    if one.unread is not None:
        without_effect = translate("variable_table", "The installed version does not know it: {why}.").format(
            why=notice_text(one.unread)
        )
    instead = translate("variable_table", "Not for a pool: {why}").format(why=notice_text(one.instead))
    lines = (f"{one.name}: {setting_texts.variable(one)}", facts, notice_text(one.effect), without_effect)
    return "\n".join(filter(None, (*lines, instead if one.instead is not None else "")))
