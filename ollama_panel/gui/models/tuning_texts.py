"""What is told of a tuning in words: what is asked for, how far it is, and what each trial is."""

import msgspec
from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject

from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.core.tuning.space import DEFAULT_BATCH
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial, TrialKind
from ollama_panel.gui import format as fmt


def goal_text(goal: Goal) -> str:
    """Return a goal in a word or two."""
    translate = QCoreApplication.translate
    return {
        Goal.THROUGHPUT: translate("tuning", "most tokens"),
        Goal.BALANCED: translate("tuning", "balanced"),
        Goal.LATENCY: translate("tuning", "within bounds"),
        Goal.EMBEDDING: translate("tuning", "embeddings"),
    }[goal]


def goal_title(goal: Goal) -> str:
    """Return the title of a goal among the others."""
    translate = QCoreApplication.translate
    return {
        Goal.THROUGHPUT: translate("tuning", "Most tokens per second"),
        Goal.BALANCED: translate("tuning", "Balanced"),
        Goal.LATENCY: translate("tuning", "Within bounds"),
        Goal.EMBEDDING: translate("tuning", "Most embeddings per second"),
    }[goal]


def goal_meaning(goal: Goal) -> str:
    """Return in one line what a goal means."""
    translate = QCoreApplication.translate
    return {
        Goal.THROUGHPUT: translate("tuning", "For batch work: all answers together as fast as possible."),
        Goal.BALANCED: translate(
            "tuning", "The fewest slots that give at least 97 % of the most; each answer is faster."
        ),
        Goal.LATENCY: translate("tuning", "The most tokens per second while every answer keeps the times below."),
        Goal.EMBEDDING: translate("tuning", "For models that make embeddings: how many workers pay."),
    }[goal]


def workload_text(kind: WorkloadKind) -> str:
    """Return the name of a workload."""
    translate = QCoreApplication.translate
    return {
        WorkloadKind.OWN: translate("tuning", "your own requests"),
        WorkloadKind.CHAT: translate("tuning", "chat"),
        WorkloadKind.RAG: translate("tuning", "RAG"),
        WorkloadKind.CODING: translate("tuning", "coding agent"),
        WorkloadKind.SUMMARIES: translate("tuning", "summaries"),
        WorkloadKind.EMBEDDINGS: translate("tuning", "embeddings"),
    }[kind]


def workload_meaning(kind: WorkloadKind) -> str:
    """Return in one line which requests a workload has."""
    translate = QCoreApplication.translate
    return {
        WorkloadKind.OWN: translate(
            "tuning", "As long as those that your programs have sent; their content is not used."
        ),
        WorkloadKind.CHAT: translate("tuning", "Short questions, answers of a paragraph or two."),
        WorkloadKind.RAG: translate("tuning", "Long prompts with a common beginning, short answers."),
        WorkloadKind.CODING: translate("tuning", "Long prompts that grow, answers of some hundred tokens."),
        WorkloadKind.SUMMARIES: translate("tuning", "Long texts, short answers."),
        WorkloadKind.EMBEDDINGS: translate("tuning", "Pieces of documents, several in a request."),
    }[kind]


def about(record: TuningRecord) -> str:
    """Return what is tuned for what."""
    task = record.task
    return " · ".join(dict.fromkeys((task.model, goal_text(task.goal), workload_text(task.workload))))


def slots_text(slots: int) -> str:
    """Return a number of slots."""
    return _TuningCounts().slots(slots)


def workers_text(workers: int) -> str:
    """Return a number of workers."""
    return _TuningCounts().workers(workers)


def batch_text(batch: int) -> str:
    """Return a batch size; 0 = Ollama decides."""
    if not batch:
        return QCoreApplication.translate("tuning", "Ollama's batch size")
    return QCoreApplication.translate("tuning", "batch size {number}").format(number=fmt.number(batch))


def cache_text(cache_type: str) -> str:
    """Return the type of a KV cache."""
    return QCoreApplication.translate("tuning", "KV cache {type}").format(type=cache_type)


def settings_text(candidate: Candidate, beside: Candidate | None = None) -> str:
    """Return what a candidate sets: the slots, and what differs from `beside`."""
    other = beside if beside is not None else Candidate()
    parts = [slots_text(candidate.parallel)]
    if candidate.workers != other.workers:
        parts.insert(0, workers_text(candidate.workers))
        if candidate.parallel == other.parallel:
            del parts[1]
    if candidate.batch != other.batch:
        parts.append(batch_text(candidate.batch))
    if candidate.cache_type != other.cache_type:
        parts.append(cache_text(candidate.cache_type))
    return QCoreApplication.translate("tuning", ", ").join(parts)


def trial_title(trial: Trial, record: TuningRecord) -> str:
    """Return what a trial tries."""
    it, present = trial.candidate, record.present
    if trial.kind is TrialKind.BATCH:
        return capital(batch_text(it.batch))
    if trial.kind is TrialKind.CACHE:
        return capital(cache_text(it.cache_type))
    if trial.kind is TrialKind.WORKERS or record.task.goal is Goal.EMBEDDING:
        slots = "" if it.parallel == present.parallel else slots_text(it.parallel)
        return QCoreApplication.translate("tuning", ", ").join(filter(None, (workers_text(it.workers), slots)))
    climb = _climb(record)
    text = settings_text(it, present if climb is None else msgspec.structs.replace(present, workers=climb, parallel=0))
    if trial.kind in (TrialKind.VERIFY, TrialKind.DRIFT):
        return QCoreApplication.translate("tuning", "{settings} again").format(settings=text)
    return text


def _climb(record: TuningRecord) -> int | None:
    """Return at how many workers a tuning tries numbers of slots, None if its steps are numbers of workers."""
    trials = [*(one.trial for one in record.outcomes), *filter(None, [record.current])]
    rungs = [one.candidate for one in trials if one.kind is TrialKind.RUNG]
    tried = {one.parallel for one in rungs}
    several = len(tried.union(one.parallel for outlook in record.outlook for one in outlook.candidates)) > 1
    return rungs[0].workers if rungs and several else None


def outcome_title(outcome: Outcome, record: TuningRecord) -> str:
    """Return what a trial tried; of one that failed when it was loaded all slots that were, which may be more."""
    trial = outcome.trial
    if not outcome.loading:
        return trial_title(trial, record)
    loaded = msgspec.structs.replace(trial.candidate, parallel=trial.load_parallel)
    return QCoreApplication.translate("tuning", "Loading {settings}").format(settings=settings_text(loaded))


def trial_note(trial: Trial, record: TuningRecord, repeated: int) -> str:
    """Return what is to be known of a trial besides."""
    translate = QCoreApplication.translate
    if repeated:
        return _TuningCounts().repeated(repeated)
    if trial.against is not None:
        return translate("tuning", "in turns with {other}").format(other=_other(trial, trial.against))
    notes = {
        TrialKind.VERIFY: translate("tuning", "fresh load, longer"),
        TrialKind.DRIFT: translate("tuning", "the first step again"),
        TrialKind.NEIGHBOUR: translate("tuning", "beside the best"),
    }
    if trial.candidate == record.present:
        notes.setdefault(trial.kind, translate("tuning", "your setting now"))
    if trial.candidate.parallel == record.slots_that_fit and trial.candidate.workers == record.present.workers:
        notes.setdefault(trial.kind, translate("tuning", "the most that fits"))
    return notes.get(trial.kind, "")


def _other(trial: Trial, against: Candidate) -> str:
    """Return what a trial is measured in turns with."""
    if trial.kind is TrialKind.BATCH:
        return fmt.number(against.batch or DEFAULT_BATCH)
    return against.cache_type if trial.kind is TrialKind.CACHE else settings_text(against)


def state_label(record: TuningRecord) -> tuple[str, str]:
    """Return the state of a tuning, and its colour token."""
    translate = QCoreApplication.translate
    return {
        TuningState.PREPARING: (translate("tuning", "Loading"), "info"),
        TuningState.MEASURING: (translate("tuning", "Measuring"), "info"),
        TuningState.WAITING: (translate("tuning", "Waits for your traffic"), "warn"),
        TuningState.PAUSED: (translate("tuning", "Paused"), "warn"),
        TuningState.RESTORING: (translate("tuning", "Restoring your settings"), "info"),
        TuningState.DONE: (translate("tuning", "Done"), "ok"),
        TuningState.FAILED: (translate("tuning", "Failed"), "danger"),
        TuningState.CANCELLED: (translate("tuning", "Cancelled"), "muted"),
    }[record.state]


def span(seconds: float) -> str:
    """Return a time as minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return fmt.duration(seconds) if seconds >= 1 else QCoreApplication.translate("tuning", "{s} s").format(s=rest)
    told = QCoreApplication.translate("tuning", "{min} min {s} s")
    return told.format(min=fmt.number(minutes), s=fmt.number(rest))


def moment(at: float) -> str:
    """Return a Unix time: of today the time of day, else the day with it."""
    return fmt.moment(QDateTime.fromSecsSinceEpoch(round(at)))


def day(at: float) -> str:
    """Return the day of a Unix time."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(round(at)).date(), QLocale.FormatType.ShortFormat)


def clock(at: float) -> str:
    """Return the time of day of a Unix time, with seconds."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(round(at)).time(), "HH:mm:ss")


def capital(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


class _TuningCounts(QObject):
    """The words for numbers of things, in the plural if there are several."""

    def slots(self, number: int) -> str:
        return self.tr("%n slot(s)", "", number)

    def workers(self, number: int) -> str:
        return self.tr("%n worker(s)", "", number)

    def repeated(self, times: int) -> str:
        return self.tr("repeated %n time(s)", "", times)
