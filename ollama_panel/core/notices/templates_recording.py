"""The templates about recording."""

INFO: dict[str, str] = {
    "recording.nothing": (
        "There is nothing to save: no request has come, or so many wait that the last minutes are not kept. Try again "
        "when fewer wait."
    ),
    "recording.later": (
        "The recording begins when {most:count} requests or fewer wait and run; now they are {open:count}. To begin it "
        "now would hold all of them up."
    ),
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
