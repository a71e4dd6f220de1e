"""The English templates about what starts servers on a machine, by level; see `templates`."""

INFO: dict[str, str] = {
    "source.overruled": "Set again by {path}, line {line}.",
    "source.reset": "Taken back by {path}, line {line}, with all that was set before.",
    "source.taken_away": "Taken away again later.",
    "source.unset_by": "Taken away by {path}, line {line}.",
    "source.of_instance": (
        "Each instance of the template has a value of its own: name the unit of one, such as ollama@1."
    ),
    "source.computed": "A command makes this value when the script runs, so that it is unknown here.",
    "source.manager_not_seen": "Passed on if systemd itself has it, which the panel cannot see: its value is unknown.",
    "source.not_of_manager": "Passed on only if systemd itself has it, and it has none of that name.",
    "source.no_name": '"{name}" is no name that a variable can have.',
    "source.is_not_exported": "Not exported, so that only the shell itself has it.",
    "source.held_back": "{program} does not pass it on.",
    "source.is_late": "Set after the server has been started.",
    "source.client_only": "Only clients read it here.",
    "source.of_unit": "A variable of {unit}, which does not start Ollama's server.",
    "source.never_read": "Nothing reads this file.",
    "source.quotes_taken_off": (
        "{name} has quotes inside its value, {given}. Ollama takes them off; no other program does: leave them out."
    ),
    "source.no_text": "Not a text, so that launchd leaves it out.",
    "source.of_agent": "A variable of {label}, which does not start Ollama's server.",
    "source.of_podman": "A variable of Podman itself, not of the container.",
    "source.no_text_in_registry": "Of the type {type}, which is no text: Windows leaves it out.",
    "source.ends_with_window": "Set for this window alone, and what is started from it.",
}

WARNING: dict[str, str] = {
    "source.quotes_inside": ("{name} has quotes inside its value, {given}, and they are a part of it: leave them out."),
    "source.too_many_servers": "{path} starts more than {most:count} servers, so it was not read.",
    "source.byte_order_mark": (
        "The file begins with a byte order mark, which is a part of the name {name}, so that nothing reads it:"
        " save it as UTF-8 without such a mark."
    ),
    "source.unreadable": "The panel cannot read {path}: {why}",
    "source.file_not_seen": (
        "The environment file {path} was not among what was read: what it sets is unknown, and without it the"
        " service does not start."
    ),
    "source.curly_quotes": (
        "{name} is not set: the quotes around it are those of a text program, which systemd takes for a part of the"
        " name. Write straight ones."
    ),
    "source.path_not_absolute": (
        "systemd ignores the environment file {path}: write its path from / on, without quotes."
    ),
    "source.passed_in_vain": (
        "{name} is not set: PassEnvironment= passes on what systemd itself has, and it has no {name}. Write"
        " Environment={name}=…."
    ),
    "source.bad_syntax": (
        "systemd leaves out what it cannot read here, a quote that is left open or an unknown escape: {given}"
    ),
    "source.without_key": "{name} is not set: systemd knows no key of that name. Write Environment={name}=….",
    "source.not_a_unit": (
        '{name} is not set: a file of variables has lines such as NAME=VALUE, without "Environment=" as in a unit.'
    ),
    "source.words_before": "{name} is not set: no other words may stand before the name.",
    "source.open_quote": (
        "The quote in the value of {name} is never closed, so that the lines after it become a part of the "
        "value: close it."
    ),
    "source.nothing_set": (
        "Nothing is set here: every line is a comment, that of {name} too. Remove the comment marks from the "
        "lines that are to count."
    ),
    "source.commented_out": (
        "{name} is commented out, and nothing else is set here: remove the comment mark in front of it."
    ),
    "source.outside_section": "{name} is not set: it is before the first section. Put it under [{section}].",
    "source.wrong_section": ("{name} is in [{given}], where the server does not get it: put it under [{section}]."),
    "source.wrong_place": ("systemd does not read {path}: the file must be {wanted} in the same folder as before."),
    "source.wrong_unit": (
        "{unit} starts no server of Ollama, and nothing else reads {names}: set that in the unit of the server."
    ),
    "source.blank_around_equals": ("{name} is not set as it is meant: there must be no blank before or after the =."),
    "source.export_in_file": '{name} is not set: systemd knows no "export" here. Leave the word out.',
    "source.comment_in_value": 'The value of {name} is "{given}": a comment must have a line of its own.',
    "source.not_filled_in": (
        '{name} is "{given}" to the letter: nothing fills in a home or a variable here. Write the whole path.'
    ),
    "source.quoted_so": ('{name} is "{given}" to the letter, because of its quotes: write $HOME in double quotes.'),
    "source.wrapper_without_variable": (
        "The server does not get {names}: {program} does not pass them on. Name them in its command."
    ),
    "source.not_exported": ('{name} is set for the shell alone, and no server gets it: write "export" in front of it.'),
    "source.set_after_start": (
        "{name} is set after the server has been started, which does not get it any more: set it before."
    ),
    "source.not_for_service": (
        '{name} is set in this shell, but "{command}" starts a service, which does not get the variables of '
        "the shell: set it where the service is set up."
    ),
    "source.client_side": (
        "This file is a client's, and only the server reads {names}: set such variables for the server."
    ),
    "source.lost_at_reboot": (
        "What launchctl setenv sets is lost at the next reboot, and programs that run already do not get it: "
        "set it by an agent that runs at each login."
    ),
    "source.no_plist": ('{path} is no property list in XML: turn a binary one into XML by "plutil -convert xml1".'),
    "source.number_in_plist": ("{name} is not set: launchd takes texts only, not {given}. Write it as <string>."),
    "source.outside_environment_variables": "{name} is not set: it must be in EnvironmentVariables.",
    "source.wrong_agent": (
        "{label} does not start Ollama's server, which alone reads {names}: set such variables in the agent of the "
        "server."
    ),
    "source.edits_lost": (
        "Homebrew writes this file anew at each start of the service, without {names}: set such variables in "
        "~/.homebrew/services/ollama.env."
    ),
    "source.restart_needed": (
        "What is set here reaches only programs that are started afterwards: quit Ollama in the tray and "
        "start it again."
    ),
    "source.setx_equals": (
        'setx takes the name and the value as two words, without a sign between them: write setx {name} "{value}".'
    ),
    "source.blank_in_name": (
        "{name} is not set: a blank before the = becomes a part of the name, and one after it a part of the value."
    ),
    "source.setx_not_here": (
        "{name} is set by setx for programs that are started later, not for the server that this script "
        "starts: add a line with set."
    ),
    "source.powershell_variable": (
        "{name} is set as a variable of PowerShell alone, and no server gets it: write $env:{name}."
    ),
    "source.set_in_powershell": (
        '{name} is not set: in PowerShell "set" makes a variable of another kind. Write $env:{name} = "…".'
    ),
    "source.fish_equals": "{name} is not set: in fish write set -gx {name} VALUE, without a =.",
    "source.fish_not_exported": "{name} is set for the shell alone, and no server gets it: write set -gx.",
    "source.set_for_window": (
        "{name} is set for this window alone, and nothing here starts a server, so that none gets it: use "
        "setx, or start the server from here."
    ),
}

ERROR: dict[str, str] = {}
