"""The error that is shown to users."""


class PanelError(Exception):
    """What went wrong, where, and what to do, in one sentence that can be shown unchanged."""
