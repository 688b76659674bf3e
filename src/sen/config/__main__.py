"""`python -m sen.config WORD`: demo, serve, restart by the supervisor, most words by Django.

Where no DATABASE_URL names a server, the embedded one runs for as long as the word does.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from sen.config import embedded, rolling, supervisor, systemd
from sen.config.backups import words as backup_words
from sen.config.home import CannotStart, home_from_environment

WITHOUT_DATABASE = {"help", "version", "--version", "collectstatic", "test", "diffsettings"}


def main(words: list[str]) -> int:
    """Run one word and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
    if words[:1] in (["demo"], ["serve"]):
        return supervisor.main(words)
    if words[:1] and words[0] in backup_words.WORDS:
        return backup_words.main(words)
    if words[:1] == ["restart"]:
        return restart()
    if words[:1] == ["systemd"]:
        return systemd.main(words[1:])
    if words[:1] == ["worker"]:
        os.environ["SEN_ACTS_AS_SYSTEM"] = "1"
    is_external = bool(os.environ.get("DATABASE_URL"))
    needs_server = words and words[0] not in WITHOUT_DATABASE and not is_external
    try:
        with embedded.running(home_from_environment()) if needs_server else nullcontext():
            execute_from_command_line(["./sen", *words])
    except embedded.CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def restart() -> int:
    """Exchange the processes of the running installation for new ones; return the exit code."""
    try:
        fault = rolling.ask(home_from_environment())
    except CannotStart as error:
        fault = str(error)
    sys.stdout.write(f"{fault or 'Đã thay mới · restarted'}\n")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
