"""Work of files that comes by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.files.services import keeping
from sen.kernel.jobs import public as jobs


@jobs.job("files.purge", every="41 * * * *")
def purge() -> None:
    """Delete the files that have belonged to no record for a day."""
    keeping.purge(at=clock.now())
