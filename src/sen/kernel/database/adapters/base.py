"""Django's PostgreSQL connection, which does gathered writes before whatever comes next.

The module's name is Django's: it looks for `base` in the package that ENGINE names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

from sen.base import metrics
from sen.kernel.database import rules
from sen.kernel.database.rules import Gathered


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions may leave writes until they are needed.

    Any other statement, a savepoint and the commit come after what was gathered, so a transaction
    always reads what it wrote; a rollback forgets it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Gather nothing yet."""
        super().__init__(*args, **kwargs)
        self.gathered = Gathered()
        self.remembered: dict[str, Any] = {}
        """What packages remember of the open transaction; forgotten at its end."""
        self.execute_wrappers.append(self._after_gathered)

    def run_gathered(self) -> None:
        """Run what was gathered, in one statement."""
        if self.gathered:
            sql, parameters = rules.statement(self.gathered)
            self.gathered = Gathered()
            with self.cursor() as cursor:
                cursor.execute(sql, parameters)

    def _after_gathered(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's signature
        context: Any,
    ) -> Any:
        self.run_gathered()
        metrics.statement()
        return execute(sql, params, many, context)

    def _commit(self) -> None:
        self.run_gathered()
        self.remembered.clear()
        super()._commit()  # type: ignore[misc]  # not in django-stubs

    def _rollback(self) -> None:
        self.gathered = Gathered()
        self.remembered.clear()
        super()._rollback()  # type: ignore[misc]  # not in django-stubs

    def _savepoint_rollback(self, sid: str) -> None:
        self.gathered = Gathered()
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # not in django-stubs

    def close(self) -> None:
        """Close the connection, or give it back to the pool; what was gathered is forgotten."""
        self.gathered = Gathered()
        self.remembered.clear()
        super().close()
