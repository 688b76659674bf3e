"""The door of access: rights, participation, impartiality, the actor of a transaction, keys."""

from __future__ import annotations

from uuid import UUID

from sen.base.actor import Actor
from sen.base.row_security import no_policy_sql as rls_no_policy_sql
from sen.base.row_security import policy_sql as rls_policy_sql
from sen.kernel.access.choices import Scope
from sen.kernel.access.data import Ground, Held, NewGrant, Permission, Rights, RoleTemplate
from sen.kernel.access.events import GrantMade, GrantRevoked
from sen.kernel.access.models import Grant, Participation, Role
from sen.kernel.access.permissions import MANAGE_GRANTS, MANAGE_ROLES
from sen.kernel.access.queries import (
    ConflictOfInterest,
    allows,
    check,
    check_impartial,
    closed_tables,
    grounds,
    grounds_in,
    holders,
    participates,
    participation_q,
    persons_of,
    require_strength,
    rights,
)
from sen.kernel.access.registry import permissions, register_permissions, register_roles, roles
from sen.kernel.access.services.entering import acting, enter
from sen.kernel.access.services.grants import (
    end_grant,
    grant,
    grant_again,
    grant_many,
    revoke,
    save_role,
    seed,
    sync_roles,
)
from sen.kernel.access.services.keys import Answer, Claim, once
from sen.kernel.access.services.participation import (
    leave,
    leave_all,
    leave_many,
    participate,
    participate_many,
)

__all__ = [
    "MANAGE_GRANTS", "MANAGE_ROLES", "Answer", "Claim", "ConflictOfInterest", "Grant", "GrantMade",
    "GrantRevoked", "Ground", "Held", "NewGrant", "Participation", "Permission", "Rights", "Role",
    "RoleTemplate", "Scope", "acting", "allows", "check", "check_impartial", "closed_tables",
    "end_grant", "enter", "grant", "grant_again", "grant_many", "grounds", "grounds_in", "guard",
    "holders", "leave", "leave_all", "leave_many", "once", "participate", "participate_many",
    "participates", "participation_q", "permissions", "persons_of", "register_permissions",
    "register_roles", "require_strength", "revoke", "rights", "rls_no_policy_sql", "rls_policy_sql",
    "roles", "save_role", "seed", "sync_roles",
]  # fmt: skip


def guard(actor: Actor, permission: str, unit: UUID | None) -> None:
    """Check a right for a package below this one (see `organisations.register_guard`)."""
    check(actor, permission, unit=unit)
