"""The English templates of what tools say of an export, by level; see `templates`."""

INFO = {
    "export.judged.accepted": "{tool}: accepted",
    "export.judged.missing": "Not checked: {tool} is not installed",
    "export.judged.install": "Debian and Ubuntu have {tool} in the package {package}.",
    "export.judged.none": "No tool checks such files",
}

WARNING = {
    "export.judged.silent": "Not checked: {tool} gave no answer within {limit:seconds}",
}

ERROR = {
    "export.judged.refused": "{tool}: refused",
}
