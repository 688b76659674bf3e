"""The API of the guides through life events, open to everybody."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from sen.systems.public_services.queries import life_events
from sen.systems.public_services.schemas import life_events as schemas

router = Router()


@router.get(
    "/life-events",
    response=list[schemas.LifeEventOut],
    operation_id="life_events_list",
    auth=None,
)
def life_events_list(request: HttpRequest) -> list[schemas.LifeEventOut]:
    """Các sự kiện trong đời có hướng dẫn, theo thứ tự trên cổng."""
    return [schemas.life_event_out(one) for one in life_events.life_events()]


@router.get(
    "/life-events/{slug}",
    response=schemas.LifeEventDetailOut,
    operation_id="life_events_get",
    auth=None,
)
def life_events_get(request: HttpRequest, slug: str) -> schemas.LifeEventDetailOut:
    """Một sự kiện với các bước: thủ tục, việc tự động theo sau, thời hạn theo luật và nguồn."""
    return schemas.guide_out(life_events.guide(slug))
