"""What one can lay down about a client: the commands, and the menu of a right click on it."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from ollama_panel.core.client_rules import USUAL_WEIGHT, ClientRule, lasting_name, rule_of, with_rule
from ollama_panel.core.ids import ClientId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.merge import taken_back
from ollama_panel.core.settings.tree_scheduling import LIMITS, WEIGHTS
from ollama_panel.gui import dialogs
from ollama_panel.gui import format as fmt
from ollama_panel.gui.choice_menu import add_choices
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.toasts import Toast

_WEIGHTS = (0.25, 0.5, USUAL_WEIGHT, 2.0, 4.0)
_LIMITS = (None, 1, 2, 3, 4, 8)


class ClientRules(QObject):
    """Changes the rules for clients in the settings, which also hold for the requests that wait. Each can be undone."""

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client = client

    def of(self, who: ClientId) -> ClientRule:
        """Return the rule in force for a client."""
        return rule_of(self.client.snapshot.settings.scheduling, who)

    def set_class(self, who: ClientId, kind: RequestClass | None) -> None:
        """Set the class of all requests of a client; None lets each be judged by itself."""
        if kind is None:
            told = self.tr("Each request of {client} is judged by itself again")
        elif kind is RequestClass.BATCH:
            told = self.tr("{client} now waits for others")
        else:
            told = self.tr("{client} now goes first")
        rule = msgspec.structs.replace(self.of(who), request_class=kind)
        self._set(who, rule, told.format(client=lasting_name(who)))

    def set_weight(self, who: ClientId, weight: float) -> None:
        """Set the share of the time that a client gets, relative to 1 for any other."""
        if weight == USUAL_WEIGHT:
            told = self.tr("{client} gets the usual share of the time again")
        else:
            told = self.tr("{client} now gets {weight} times the usual share of the time")
        text = told.format(client=lasting_name(who), weight=_written(weight))
        self._set(who, msgspec.structs.replace(self.of(who), weight=weight), text)

    def set_limit(self, who: ClientId, limit: int | None) -> None:
        """Set how many requests of a client run at once at most, None = any number."""
        if limit is None:
            told = self.tr("Any number of requests of {client} may run at once again")
        else:
            told = self.tr("Of {client}, at most {limit} run at once now")
        text = told.format(client=lasting_name(who), limit=fmt.number(limit))
        self._set(who, msgspec.structs.replace(self.of(who), limit=limit), text)

    def _set(self, who: ClientId, rule: ClientRule, told: str) -> None:
        if rule != self.of(who):
            self.client.spawn(self._apply(who, rule, told, self.tr("That holds for its waiting requests, too")))

    async def _apply(self, who: ClientId, rule: ClientRule, told: str, detail: str) -> None:
        client, before = self.client, self.client.snapshot.settings
        after = with_rule(before, who, rule)
        await client.apply(after)
        client.announce(
            Toast(told, detail, undo=lambda: client.apply(taken_back(before, after, client.snapshot.settings)))
        )


class ClientMenu(QMenu):
    """The menu of a right click on a client; whoever opens it may add actions of its own. It goes when it is closed."""

    def __init__(self, rules: ClientRules, who: ClientId, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rules, self._who, self._asker = rules, who, parent
        self._rule = rules.of(who)
        self.addAction(lasting_name(who).replace("&", "&&")).setEnabled(False)
        self.waits = self.addAction(self.tr("Let this one wait for others"))
        self.waits.setCheckable(True)
        self.waits.setChecked(self._rule.request_class is RequestClass.BATCH)
        self.waits.triggered.connect(self._let_wait)
        self.classes, self.weights, self.limits = self._add_class(), self._add_weight(), self._add_limit()
        for part in (self.waits, self.classes, self.weights, self.limits):
            part.setEnabled(not rules.client.snapshot.fatal)

    def _let_wait(self, on: bool) -> None:
        self._rules.set_class(self._who, RequestClass.BATCH if on else None)

    def _add_class(self) -> QMenu:
        texts = {
            None: self.tr("As each request asks"),
            RequestClass.INTERACTIVE: self.tr("Interactive: goes first"),
            RequestClass.BATCH: self.tr("Batch: waits for others"),
        }
        chosen = self._rule.request_class
        menu = self.addMenu(self.tr("Class"))
        add_choices(menu, list(texts.items()), chosen, lambda kind: self._rules.set_class(self._who, kind))
        return menu

    def _add_weight(self) -> QMenu:
        texts = {
            0.25: self.tr("A quarter of the usual"),
            0.5: self.tr("Half the usual"),
            USUAL_WEIGHT: self.tr("The usual"),
            2.0: self.tr("Twice the usual"),
            4.0: self.tr("Four times the usual"),
        }
        choices = sorted({*_WEIGHTS, self._rule.weight})
        other = self.tr("{weight} times the usual")
        rows = [(one, texts.get(one) or other.format(weight=_written(one))) for one in choices]
        menu = self.addMenu(self.tr("Share of the time"))
        add_choices(menu, rows, self._rule.weight, lambda weight: self._rules.set_weight(self._who, weight))
        self._add_other(menu, self._ask_weight)
        return menu

    def _add_limit(self) -> QMenu:
        known = sorted({one for one in (*_LIMITS, self._rule.limit) if one is not None})
        rows = [(None, self.tr("Any number")), *((one, fmt.number(one)) for one in known)]
        menu = self.addMenu(self.tr("At once, at most"))
        add_choices(menu, rows, self._rule.limit, lambda limit: self._rules.set_limit(self._who, limit))
        self._add_other(menu, self._ask_limit)
        return menu

    def _add_other(self, menu: QMenu, ask: Callable[[], None]) -> None:
        menu.addSeparator()
        menu.addAction(self.tr("Another…")).triggered.connect(lambda: ask())

    def _ask_weight(self) -> None:
        dialog = QInputDialog(self._asker)
        dialog.setInputMode(QInputDialog.InputMode.DoubleInput)
        dialog.setDoubleDecimals(2)
        dialog.setDoubleRange(*WEIGHTS)
        dialog.setDoubleValue(self._rule.weight)
        rules, who = self._rules, self._who
        title, text = self.tr("Share of the time"), self.tr("Times the usual share of {client}:")
        self._ask(dialog, title, text, lambda: rules.set_weight(who, round(dialog.doubleValue(), 2)))

    def _ask_limit(self) -> None:
        dialog = QInputDialog(self._asker)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(*LIMITS)
        dialog.setIntValue(self._rule.limit or 1)
        rules, who = self._rules, self._who
        title, text = self.tr("At once, at most"), self.tr("Requests of {client} at once, at most:")
        self._ask(dialog, title, text, lambda: rules.set_limit(who, dialog.intValue()))

    def _ask(self, dialog: QInputDialog, title: str, text: str, accept: Callable[[], None]) -> None:
        dialog.setWindowTitle(title)
        dialog.setLabelText(text.format(client=lasting_name(self._who)))
        dialog.accepted.connect(accept)
        self._rules.client.spawn(dialogs.ask(dialog))


def _written(weight: float) -> str:
    """Return a weight as the locale writes it, with as many decimals as it has."""
    return fmt.number(weight, len(f"{weight:.2f}".rstrip("0").partition(".")[2]))
