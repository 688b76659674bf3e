"""The one password hasher."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: 20 to 50 ms of one core.

    Django's own cost of about 260 ms would let four sign-ins a second fill a core; whoever guesses
    is stopped before hashing.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
