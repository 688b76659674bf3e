"""The checked list of rights and role templates that packages contribute at start."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.access.data import Permission, RoleTemplate

_permissions: dict[str, Permission] = {}
_roles: dict[str, RoleTemplate] = {}


def register_permissions(*permissions: Permission) -> None:
    """Add rights. Raises ImproperlyConfigured for another type or a name registered twice."""
    for permission in permissions:
        if not isinstance(permission, Permission):
            raise ImproperlyConfigured(f"not a Permission: {permission!r}")
        if _permissions.get(permission.name, permission) != permission:
            raise ImproperlyConfigured(f"the permission {permission.name} is registered twice")
        _permissions[permission.name] = permission


def register_roles(*roles: RoleTemplate) -> None:
    """Add role templates. Raises ImproperlyConfigured for another type or a code used twice."""
    for role in roles:
        if not isinstance(role, RoleTemplate):
            raise ImproperlyConfigured(f"not a RoleTemplate: {role!r}")
        if _roles.get(role.code, role) != role:
            raise ImproperlyConfigured(f"the role {role.code} is registered twice")
        _roles[role.code] = role


def permissions() -> Mapping[str, Permission]:
    """Return every registered right by its name."""
    return MappingProxyType(_permissions)


def roles() -> Mapping[str, RoleTemplate]:
    """Return every registered role template by its code."""
    return MappingProxyType(_roles)


def opens_unit(permission: str) -> bool:
    """Tell whether a right opens the records of its unit (see `Permission`).

    One that no package names any more, in a role that was kept, opens what it did.
    """
    found = _permissions.get(permission)
    return found is None or found.opens_unit


def known(permission: str) -> str:
    """Return the name of a right. Raises ImproperlyConfigured for one that nobody registered.

    A name mistyped in code must not look like a right that is missing.
    """
    if permission not in _permissions:
        raise ImproperlyConfigured(f"the permission {permission} is not registered")
    return permission
