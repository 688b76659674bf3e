"""The API of the administration: every act that its pages offer, by the same verbs."""

from __future__ import annotations

from ninja import Router

from sen.systems.administration.api import roles, system, units, words

router = Router(tags=["administration"])
router.add_router("", system.router)
router.add_router("", units.router)
router.add_router("", roles.router)
router.add_router("", words.router)
