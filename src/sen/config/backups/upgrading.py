"""An upgrade: a backup, then the tables; the programs are restarted by whoever keeps them.

Migrations work beside the version before (decision 0031), so it may run while that still serves.
"""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from pathlib import Path

from sen.config import postgresql_place
from sen.config.backups import homes, moving, shelf, words
from sen.config.console import Console
from sen.config.home import claim, home_from_environment


def run(options: argparse.Namespace, console: Console) -> None:
    """Back up and migrate if anything is to be migrated. Raises CannotStart, OSError."""
    home = claim(home_from_environment())
    if not os.environ.get("DATABASE_URL"):
        with homes.idle(home) if postgresql_place.former(home) else nullcontext():
            moving.move(home, console)
        if options.remove_old:
            moving.remove_former(home, console)
    with homes.sole(home, "backup"), words.server(home):
        installation = words.django()
        waiting = installation.pending()
        if not waiting:
            console.say(
                "Bảng dữ liệu đã đúng · the tables are as these sources need them; ./sen restart"
            )
            return
        console.say(f"Chờ · waiting: {', '.join(waiting)}")
        back_up_before(home, options.folder, is_wanted=not options.no_backup, console=console)
        with console.step("Bảng dữ liệu · tables"):
            installation.migrate()
    console.say("Xong; nay ./sen restart · done, now ./sen restart")


def back_up_before(home: Path, given: Path | None, *, is_wanted: bool, console: Console) -> None:
    """Make a backup before tables change, unless nothing is there yet or none is wanted."""
    if not is_wanted or words.django().is_new():
        return
    folder = words.backups_folder(given)
    with shelf.opened(folder):
        words.make(home, folder, words.KEEP, console)
