"""What the doctor has found, in words of the window: levels, areas, evidence and fixes."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject

from ollama_panel.core.findings import (
    Area,
    ChangeSettings,
    CheckResult,
    CheckState,
    EditFiles,
    Evidence,
    Finding,
    Report,
    RunCommands,
    UseRemedy,
)
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.gui import format as fmt
from ollama_panel.gui.format import moment
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.offers import label_of, tip_of

TONES = {Level.ERROR: "danger", Level.WARNING: "warn", Level.INFO: "info"}
ICONS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "info"}
_SUDO = "sudo "


def level_text(level: Level) -> str:
    """Return the word for how serious a finding is."""
    return {
        Level.ERROR: QCoreApplication.translate("doctor", "Error"),
        Level.WARNING: QCoreApplication.translate("doctor", "Warning"),
        Level.INFO: QCoreApplication.translate("doctor", "Note"),
    }[level]


def headline(told: Notice) -> str:
    """Return what was found as a headline, which has no full stop."""
    return notice_text(told).removesuffix(".").removesuffix("。")


def area_text(area: Area) -> str:
    """Return the name of what checks are about."""
    return {
        Area.SERVERS: QCoreApplication.translate("doctor", "Servers"),
        Area.GRAPHICS: QCoreApplication.translate("doctor", "Graphics card"),
        Area.MEMORY: QCoreApplication.translate("doctor", "Memory and disk"),
        Area.MODELS: QCoreApplication.translate("doctor", "Models"),
        Area.SETTINGS: QCoreApplication.translate("doctor", "Settings and sources"),
        Area.NETWORK: QCoreApplication.translate("doctor", "Network"),
        Area.REQUESTS: QCoreApplication.translate("doctor", "Requests"),
    }[area]


def place_text(one: Evidence) -> str:
    """Return where evidence is from, "" if it does not say so."""
    if one.path and one.line:
        line = str(one.line)  # a number to look up in an editor: without separators
        return QCoreApplication.translate("doctor", "{path}, line {line}").format(path=one.path, line=line)
    return one.path


def evidence_text(one: Evidence) -> str:
    """Return evidence as a line: what is in a file after its place, and what something else says before its name."""
    if one.path and not one.line and "/" not in one.path and "\\" not in one.path:
        text = QCoreApplication.translate("doctor", "{text}, {where}")
        return text.format(text=one.text, where=one.path) if one.text else one.path
    return ": ".join(filter(None, (place_text(one), one.text)))


def opens_dialog(finding: Finding) -> bool:
    """Return whether the fix is shown in a dialog before it is carried out: all but the buttons of alerts."""
    return finding.fix is not None and not isinstance(finding.fix, UseRemedy)


def fix_label(finding: Finding) -> str:
    """Return the text of the button that mends a finding, "" if it has no fix."""
    fix = finding.fix
    if fix is None:
        return ""
    label = notice_text(finding.label)
    if not label and isinstance(fix, UseRemedy):
        return label_of(fix.remedy)
    if not label and isinstance(fix, ChangeSettings) and fix.offer is not None:
        label = label_of(fix.offer)
    if not label and isinstance(fix, RunCommands) and fix.by_hand:
        label = QCoreApplication.translate("doctor", "What to do")
    label = label or QCoreApplication.translate("doctor", "Mend it")
    return label if not opens_dialog(finding) or label.endswith("…") else f"{label}…"


def fix_text(finding: Finding) -> str:
    """Return in a sentence or three what the fix of a finding does, "" if it has none."""
    first, *more = *_of_fix(finding), ""
    between = QCoreApplication.translate("doctor", "{sentence} {next}")
    for sentence in filter(None, more):
        first = between.format(sentence=first, next=sentence)
    return first


def _of_fix(finding: Finding) -> Iterator[str]:
    match finding.fix:
        case EditFiles():
            yield _edited(finding.fix)
            yield QCoreApplication.translate("doctor", "Can be undone.")
        case RunCommands(commands=commands, undo=undo, by_hand=by_hand):
            if by_hand:
                yield QCoreApplication.translate("doctor", "This is for you to do; the panel cannot.")
                return
            if any(command.startswith(_SUDO) for command in commands):
                yield QCoreApplication.translate("doctor", "Runs commands that need an administrator.")
            else:
                yield QCoreApplication.translate("doctor", "Runs the commands that you see before.")
            yield _can_undo(bool(undo))
        case ChangeSettings(offer=offer):
            yield (
                tip_of(offer)
                if offer is not None
                else QCoreApplication.translate("doctor", "Changes settings of the panel.")
            )
        case UseRemedy(remedy=remedy):
            yield tip_of(remedy)
        case None:
            return


def _edited(edit: EditFiles) -> str:
    is_new = not any(before for _, before, _ in edit.files)
    if is_new and edit.unit:
        text = QCoreApplication.translate("doctor", "Makes {files}, restarts {unit} when idle.")
    elif is_new:
        text = QCoreApplication.translate("doctor", "Makes {files}.")
    elif edit.unit:
        text = QCoreApplication.translate("doctor", "Writes {files}, keeps a copy, restarts {unit} when idle.")
    else:
        text = QCoreApplication.translate("doctor", "Writes {files}, keeps a copy.")
    names = [path.replace("\\", "/").rpartition("/")[2] for path, _, _ in edit.files]
    return text.format(files=joined_list(names), unit=edit.unit)


def _can_undo(can: bool) -> str:
    if can:
        return QCoreApplication.translate("doctor", "Can be undone.")
    return QCoreApplication.translate("doctor", "Cannot be undone.")


def commands_of(finding: Finding) -> tuple[str, ...]:
    """Return the commands of a fix that are known without a plan."""
    return finding.fix.commands if isinstance(finding.fix, RunCommands) else ()


def day_text(at: float) -> str:
    """Return a day for a narrow place; today it is the time. `at` is Unix time."""
    when = QDateTime.fromSecsSinceEpoch(round(at))
    if when.date() == QDateTime.currentDateTime().date():
        return moment(when)
    return QLocale().toString(when.date(), QCoreApplication.translate("doctor", "d MMM"))


def by_area(checks: Iterable[CheckResult], state: CheckState) -> dict[Area, tuple[CheckResult, ...]]:
    """Return the checks that ended in a state, by area in their order; areas without any are left out."""
    found = [one for one in checks if one.state is state]
    every = {area: tuple(one for one in found if one.area is area) for area in Area}
    return {area: those for area, those in every.items() if those}


class Counts(QObject):
    """Numbers of things in words; an object, because Qt's tool finds plural forms only where an object has them."""

    def findings(self, count: int) -> str:
        """Return a number of findings."""
        return self.tr("%n finding(s)", "", count)

    def checks(self, count: int) -> str:
        """Return a number of checks."""
        return self.tr("%n check(s)", "", count)

    def more_files(self, count: int) -> str:
        """Return how many files besides the one shown are changed."""
        return self.tr("and %n more file(s)", "", count)

    def ignored(self, count: int) -> str:
        """Return how many findings are ignored."""
        return self.tr("%n finding(s) are ignored", "", count)


def summary_text(report: Report, found: int) -> str:
    """Return what was found, in how many checks, and when."""
    counts = Counts()
    when = moment(QDateTime.fromSecsSinceEpoch(round(report.at)))
    text = QCoreApplication.translate("doctor", "{findings} in {checks} · {time}, took {duration}")
    if not found:
        text = QCoreApplication.translate("doctor", "{checks}, nothing found · {time}, took {duration}")
    told = text.format(
        findings=counts.findings(found),
        checks=counts.checks(len(report.checks)),
        time=when,
        duration=fmt.duration(report.took_s),
    )
    return f"{report.host} · {told}" if report.host else told
