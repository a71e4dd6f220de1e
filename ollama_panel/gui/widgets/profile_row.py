"""A profile in the list of all: its settings, what they give, where it is from, and what can be done with it."""

from collections.abc import Iterator

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.provenance import problem_of_profile
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.profile import ProfileRecord, ProfileSource
from ollama_panel.core.tuning.profiles import applied
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import button, label, rule, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel

_DIGEST = 12
"""Letters of a model's digest that are shown, as Ollama does."""


class ProfileRow(QWidget):
    """Four lines and the commands. `apply`, `elsewhere`, `export` and `forget` have the name of the profile."""

    apply = Signal(str)
    elsewhere = Signal(str)
    export = Signal(str)
    forget = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.title, self.state = ElidedLabel("", "value"), label("", "caption")
        self.lines = [ElidedLabel("", role) for role in ("", "muted", "caption")]
        self.problem = label("", "caption", wrap=True)
        set_tone(self.problem, "warn")
        set_tone(self.state, "ok")
        self.apply_button = button(self.tr("Apply"), small=True)
        tip = self.tr("Shows it on the page Export, for wherever Ollama runs")
        self.elsewhere_button = button(self.tr("Elsewhere"), tip, small=True)
        self.export_button = button(self.tr("Export…"), self.tr("Writes it to a file, without secrets"), small=True)
        self.forget_button = button(self.tr("Forget"), self.tr("What is in force stays"), small=True)
        for one, signal in (
            (self.apply_button, self.apply),
            (self.elsewhere_button, self.elsewhere),
            (self.export_button, self.export),
            (self.forget_button, self.forget),
        ):
            one.clicked.connect(lambda _=False, signal=signal: signal.emit(self.name))
        heading = QHBoxLayout()
        heading.setSpacing(SM)
        heading.addWidget(self.title, 1)
        heading.addWidget(self.state)
        for one in (self.apply_button, self.elsewhere_button, self.export_button, self.forget_button):
            heading.addWidget(one)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addWidget(rule())
        whole.addSpacing(SM - 2)
        whole.addLayout(heading)
        for line in self.lines:
            whole.addWidget(line)
        whole.addWidget(self.problem)

    def show_profile(self, profile: ProfileRecord, pool: PoolSettings | None, snapshot: Snapshot) -> None:
        """Show a profile, and what it would do to a pool, None = there is none."""
        self.name = profile.name
        self.title.show_text(profile.name)
        texts = (self._settings(profile), self._figures(profile), self._origin(profile))
        for line, text in zip(self.lines, texts, strict=True):
            line.show_text(text)
            line.setVisible(bool(text))
        problem = notice_text(problem_of_profile(snapshot, profile))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        wanted = applied(profile, pool) if pool is not None else None
        in_force = pool is not None and wanted == pool
        self.state.setText(self.tr("in force") if in_force else "")
        self.apply_button.setEnabled(wanted is not None and not in_force and not snapshot.fatal)
        self.apply_button.setToolTip(
            preview.plan_text(snapshot, preview.with_pool(snapshot.settings, wanted)) if wanted is not None else ""
        )
        for one, text in (
            (self.apply_button, self.tr("Apply {profile}")),
            (self.elsewhere_button, self.tr("Use {profile} elsewhere")),
            (self.export_button, self.tr("Export {profile}")),
            (self.forget_button, self.tr("Forget {profile}")),
        ):
            one.setAccessibleName(text.format(profile=profile.name))

    def _settings(self, profile: ProfileRecord) -> str:
        it = profile.settings
        parts = [
            self.tr("pool {pool}").format(pool=it.name),
            self.tr("%n worker(s)", "", it.workers),
            self.tr("parallel {number}").format(number=fmt.number(it.parallel)),
            self.tr("context {tokens}").format(tokens=fmt.number(it.context_length)),
        ]
        if it.models:
            parts.append(joined_list(it.models))
        if it.environment:
            parts.append(joined_list(tuple(it.environment)))
        return " · ".join(parts)

    def _figures(self, profile: ProfileRecord) -> str:
        """Return what its settings gave when they were measured, "" if they were not."""
        it = profile.measured
        if it is None:
            return ""
        rate, half = fmt.rate(it.tokens_per_s.mean), it.tokens_per_s.half_width
        parts = [self.tr("{rate} tokens/s").format(rate=rate if half is None else f"{rate} ± {fmt.rate(half)}")]
        if it.token_p50_s is not None:
            parts.append(self.tr("{time} per token").format(time=fmt.duration(it.token_p50_s)))
        if it.first_token_p95_s is not None:
            parts.append(self.tr("first token p95 {time}").format(time=fmt.duration(it.first_token_p95_s)))
        return " · ".join(parts)

    def _origin(self, profile: ProfileRecord) -> str:
        return " · ".join(self._origins(profile))

    def _origins(self, profile: ProfileRecord) -> Iterator[str]:
        """Yield who has made it and when, and on what."""
        it = profile.provenance
        day = QLocale().toString(QDateTime.fromSecsSinceEpoch(round(it.at)).date(), QLocale.FormatType.ShortFormat)
        made = {
            ProfileSource.TUNED: self.tr("measured {day}"),
            ProfileSource.HAND: self.tr("saved {day}"),
            ProfileSource.IMPORTED: self.tr("imported, made {day}"),
        }
        yield made[profile.source].format(day=day)
        yield from filter(None, (it.hardware, f"Ollama {it.ollama}" if it.ollama else ""))
        if it.model:
            yield f"{it.model} ({it.digest[:_DIGEST]})" if it.digest else it.model
