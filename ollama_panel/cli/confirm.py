"""The question before a command changes anything."""

import sys


def agreed(question: str, *, yes: bool) -> bool:
    """Return whether somebody at the terminal says yes to a question, or has said so before (`yes`)."""
    if yes:
        return True
    if not sys.stdin.isatty():
        print("Nothing was done: nobody is there to be asked; --yes does it without a question.", file=sys.stderr)
        return False
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        print()
        return False
    return answer.strip().lower() in ("y", "yes")
