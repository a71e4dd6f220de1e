"""The templates about watchdog."""

INFO: dict[str, str] = {
    "evidence.slow_disk": "the disk takes too long",
    "watchdog.broken_off": (
        "{models} at {instance} hung in the middle of this answer, and its process was ended: the rest is lost. Send "
        "the request again."
    ),
    "watchdog.asking": (
        "{model} at {instance} has work and has sent nothing for {silent:seconds}. It is asked for a tiny answer; "
        "{missed} of {all} were missed."
    ),
}

WARNING: dict[str, str] = {
    "watchdog.hung": (
        "{model} at {instance} hangs: it has work, has sent nothing for {silent:seconds}, and does not answer when it "
        "is asked. {instance} is about to be restarted."
    ),
    "watchdog.left": (
        "{model} hangs at the process that {instance} had before: it has work, has sent nothing for {silent:seconds}, "
        "and does not answer when it is asked. It ends now, without waiting for its requests."
    ),
    "watchdog.restarted": (
        "{instance} was restarted because {models} hung: nothing was sent for {silent:seconds}. What was found before "
        "is in {folder}."
    ),
    "watchdog.restarted_bare": (
        "{instance} was restarted because {models} hung: nothing was sent for {silent:seconds}."
    ),
    "watchdog.silent": (
        "{instance} was restarted because its server did not answer any more. What was found before is in {folder}."
    ),
    "watchdog.silent_bare": "{instance} was restarted because its server did not answer any more.",
    "evidence.not_written": (
        "What was found of {instance} before its restart could not be kept: {why} Make room on the disk, or correct "
        "the rights of the folder."
    ),
}

ERROR: dict[str, str] = {
    "watchdog.hung_left": (
        "{model} at {instance} hangs: it has work, has sent nothing for {silent:seconds}, and does not answer when it "
        "is asked. By the settings (ollama.restart_hung) the panel leaves it alone: restart it."
    ),
    "watchdog.hung_adopted": (
        "{model} at {instance} hangs: it has work, has sent nothing for {silent:seconds}, and does not answer when it "
        "is asked. The panel did not start this server: restart it where it was started."
    ),
    "watchdog.exhausted": (
        "{model} at {instance} hangs again, after {times:count} restarts within an hour. The panel leaves it alone: "
        "look at its log and at the folder with the evidence, try other settings or another model, then restart it."
    ),
}
