"""One module a registry's protocol: `ask(partner, asked)` returns what it told.

Each raises `LookupFailed`; none touches the database, follows a redirect, or logs.
"""
