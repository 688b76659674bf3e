"""The API of the public services: every act that a page offers, by the same verbs."""

from __future__ import annotations

from ninja import Router

from sen.systems.public_services.api import catalogue, dossiers, drafts, life_events, procedures

router = Router(tags=["public_services"])
router.add_router("", procedures.router)
router.add_router("", life_events.router)
router.add_router("", catalogue.router)
router.add_router("", drafts.router)
router.add_router("", dossiers.router)
