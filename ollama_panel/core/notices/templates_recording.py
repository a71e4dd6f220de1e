"""The templates about recording."""

INFO: dict[str, str] = {
    "recording.nothing": (
        "There is nothing to save: no request has come, or so many wait that the last minutes are not kept. Try again "
        "when fewer wait."
    ),
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
