"""The one error that is meant for people."""


class PanelError(Exception):
    """What went wrong, where, and what to do, in one sentence that may be shown as it is."""
