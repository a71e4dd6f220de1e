"""The English templates about settings, by level; see `templates`."""

INFO = {
    # What a setting accepts, to follow "must be"
    "expected.whole": "a whole number",
    "expected.whole_from": "a whole number from {low} up",
    "expected.whole_between": "a whole number from {low} to {high}",
    "expected.number": "a number",
    "expected.number_from": "a number from {low} up",
    "expected.number_between": "a number from {low} to {high}",
    "expected.name": "a name of lower-case letters, digits, - and _, 32 at most, a letter first",
    "expected.text": "text",
    "expected.label": "text on one line",
    "expected.digest": "64 hexadecimal digits",
    "expected.path": "a path on one line",
    "expected.path_whole": "a whole path, such as /srv/models, D:\\models or ~/models",
    "expected.path_bare": "the path without quotes around it",
    "expected.path_plain": "a path without variables; ~ and $HOME at its start are the home of the user",
    "expected.host": "an address such as 127.0.0.1 or ::1, or the name of a host",
    "expected.host_alone": "the address alone, {host}",
    "expected.every_host": "0.0.0.0 for all addresses of this machine, or :: for those of IPv6, too",
    "expected.duration": "a time such as 30m or 90s, 0, -1 for ever, or nothing",
    "expected.header": "the name of a header that holds no key or cookie, such as X-OpenWebUI-User-Id",
    "expected.choice": "one of {choices}",
    "expected.switch": "true or false",
    "expected.list": "a list",
    "expected.variables": "names with values, in braces",
    "expected.or_words": "{expected}, or {words}",
    "expected.or_null": "{expected}, or null",
    "expected.bytes": "a number of bytes",
    "expected.counts": "a whole number, or one for each device with commas",
    "expected.devices": "numbers or identifiers of devices, with commas",
    "expected.gfx": "a type such as 10.3.0, which is gfx1030",
    "expected.library": "a folder in lib/ollama, such as cuda_v13, rocm or vulkan",
    "expected.one_or_zero": "1 or 0",
    "expected.one_or_zero_or_unset": "1 or 0; Ollama decides if it is not set",
    "expected.on_or_off": "on or off",
    "expected.time": "a time such as 90s, 5m or 24h",
    "expected.address": "an address such as 127.0.0.1:11434",
    "expected.folder": "a folder",
    "expected.group": "a group of settings in braces",
    # What is wrong with a setting, to follow its key
    "setting.not_that": 'must be {expected}, not "{given}"',
    "setting.no_group": "must be a group of settings in braces",
    "setting.no_pools": "must be a list of pools in brackets",
    "setting.no_pool": "must hold at least one pool",
    "api.value": "{name} {wrong}",
    "api.unknown": "it has no {name}, only {known}",
    "api.none": "it has none, and no {name}",
    "api.missing": "it needs {names}",
    "setting.no_name": "needs a name: {expected}",
    "setting.same_name": "is the name of two pools",
    "setting.too_few_ports": "leaves too few ports below 65536 for all workers",
    "setting.not_one_line": "must be text in quotes, on one line",
    "setting.no_key": (
        "must be a name, a digest of 64 hexadecimal digits, a class or null, and a list of the scopes use, see and "
        "control, in braces"
    ),
    "setting.no_line": "must be a name on one line, of 1 to {most:count} characters",
    "setting.no_variable": "is not a variable name: letters, digits and underscores, no digit first",
    "setting.unknown": "is not a setting",
    "setting.origin_scheme": (
        'must hold each origin with its scheme, such as https://chat.example.org or chrome-extension://*, not "{given}"'
    ),
    "setting.origin_star": 'may have at most one * in an origin, and none in its scheme, not "{given}"',
    "setting.origin_form": (
        "must hold origins as browsers send them, a scheme, a host and perhaps a port, with no path or blank, "
        'not "{given}"'
    ),
    # What is wrong with a file of JSON, to follow its place
    "json.comment": "JSON has no comments",
    "json.trailing_comma": "there is a comma after the last value",
    "json.no_comma": "a comma is missing before this",
    "json.no_colon": "a colon is missing between a name and its value",
    "json.ends": "the text ends too early: a bracket or a value is missing",
    "json.goes_on": "something follows after the last bracket",
    "json.single_quotes": 'names and texts need double quotes (")',
    "json.bare_name": 'the name {name} needs double quotes (")',
    "json.open_quote": "the closing quote of a text is missing",
    "json.two_lines": "a text has a line break or a tab in it, or its closing quote is missing",
    "json.backslash": "a backslash in a text is written twice",
    "json.word": "{word} is not known: write true, false or null",
    "json.not_utf8": "this is not UTF-8: save the file in that encoding",
    "json.other": "this is not what JSON has here ({words})",
    # Settings that were changed by a migration
    "setting.heartbeat_on": (
        "is on now: it was off, as earlier versions had it by default. "
        "To turn it off: ollama-panel settings set proxy.heartbeat_plain off"
    ),
    "setting.token_time_is_slo": (
        "is an SLO of each pool now, in tokens per second: {key} of every pool but those for embeddings is "
        "{rate:number}"
    ),
    "setting.token_time_moved": (
        "is an SLO of each pool now, in tokens per second: 50 milliseconds for each token are 20 as {key}"
    ),
}

WARNING = {
    # What is used instead of a setting
    "setting.replaced": '{wrong}; "{used}" is used.',
    "setting.kept": "{wrong}; what is in force stays.",
    "setting.default_used": "{wrong}; the default is used.",
    "setting.pair_used": "{wrong}; the usual pair is used.",
    "setting.renamed": '{wrong}; "{name}" is used for the second.',
    "setting.ignored": "{wrong}; it is ignored.",
    "setting.left_out": "{wrong}; the pool is left out.",
    "setting.version_assumed": "{wrong}; version {version} is assumed.",
    "setting.newer": "is {written}, newer than that of this panel ({version}); unknown settings are ignored.",
    "settings_file.all_default": "{why} All settings have their defaults.",
    "settings_file.moved_aside": "{why} It is kept as {name}; the defaults are used.",
    "settings_file.not_moved": "{why} It cannot be moved aside ({reason}); the defaults are used.",
    "settings_file.kept": "{why} The settings stay as they are.",
}

ERROR = {
    "setting.refused": "{where} {wrong}.",
    "setting.not_yours": '"{key}" is written by the panel alone: leave it as it is.',
    "setting.no_default": '"{key}" has no default: reset the settings in a group one by one, or set a value.',
    "setting.nearest": 'There is no setting "{key}"; the nearest is "{nearest}".',
    "setting.missing": 'There is no setting "{key}"; there are {known}.',
    "setting.hidden": (
        "The value of {name} has the word that is shown in place of a secret: leave it out to keep the secret, or set "
        "{key} to a new one."
    ),
    "pool.unknown": "There is no pool {pool}; there are {known}.",
    "pool.exists": "There is a pool {pool} already: change that, or choose another name.",
    "json.invalid": "It is not valid JSON: line {line}, column {column}: {reason}.",
    "json.too_much": "It has a number with too many digits, or brackets too deep within brackets.",
    "json.no_object": "It is not a JSON object.",
    "settings_file.mend": "{path}: {why} Nothing was changed: mend the file, or delete it to begin anew.",
    "settings_file.no_target": "{path} is a link to {target}, which does not exist.",
    "settings_file.not_backed_up": "{path} cannot be backed up ({reason}); nothing was changed.",
}
