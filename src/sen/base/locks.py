"""The numbers of PostgreSQL's advisory locks, in one list: two with one number hold each other up.

Locks of a key (a code, a legal value) are hashes of its text and stand where they are taken.
"""

from __future__ import annotations

from typing import Final

RELAY: Final = 7_236_911_402
"""Whoever hands on events: two relays at once could swap two events of a record."""
SEALER: Final = 7_236_911_403
"""Whoever seals the audit trail."""
PREPARATION: Final = 7_236_911_404
"""The machine that prepares a database: migrates it, fills the demo."""
AUTHORITY: Final = 7_236_911_405
"""Whoever makes the local certificate authority: two processes starting at once make one."""
ALARMS: Final = 7_236_911_406
"""Whoever looks at the alarms."""
