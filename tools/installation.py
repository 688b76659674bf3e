"""The installation that this machine serves, for whoever types `./sen status` and the like.

Its settings lie in one file, which systemd gives to the service. A word typed beside the service
has to mean the same home, the same database and the same files: it reads the same settings here
and, typed by root, goes on as the user whose home it is. Standard library only.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from tools.environment import Stop

SETTINGS = Path("/etc/sen/environment")
HOME = "/var/lib/sen"
"""The home of an installation whose settings name none, as `./sen systemd` has it."""
BESIDE = {"bench", "bootstrap", "check", "demo", "new-system", "systemd", "test"}
"""Words that are about no installation."""


def enter(word: str) -> None:
    """Take on the settings of this machine's installation and, as root, the user of its home.

    Nothing is done where there is none, or where `SEN_HOME` says already which home is meant. What
    the environment says stands before the file. Raises Stop.
    """
    if word in BESIDE or os.environ.get("SEN_HOME"):
        return
    try:
        text = SETTINGS.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except OSError as error:
        raise Stop(
            f"Máy này có một bản cài đặt Sen: hãy gõ bằng root, hoặc đặt SEN_HOME · {SETTINGS}: "
            f"{error.strerror}. Say it as root, or set SEN_HOME"
        ) from error
    for name, value in read(text):
        os.environ.setdefault(name, value)
    home = Path(os.environ.setdefault("SEN_HOME", HOME))
    try:
        owner = home.stat().st_uid
    except OSError as error:
        raise Stop(f"{home} (SEN_HOME, {SETTINGS}): {error.strerror}") from error
    if os.geteuid() == 0 and owner != 0:
        _become(pwd.getpwuid(owner))


def read(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each line, as systemd reads an `EnvironmentFile`."""
    for line in text.splitlines():
        name, sign, value = line.strip().partition("=")
        if not sign or name.startswith(("#", ";")):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        yield name.strip(), value


def _become(user: pwd.struct_passwd) -> None:
    """Go on as a user without root's rights, for good."""
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ |= {"HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name}
