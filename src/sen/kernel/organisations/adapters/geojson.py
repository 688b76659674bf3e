"""Shapes of areas from a GeoJSON file (RFC 7946): one feature an area, by `properties.code`.

The file says who drew it in `attribution` beside `features`.
"""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from sen.base.errors import Invalid
from sen.base.vietnamese import nfc

_LEAST = 4
"""A ring has at least four points, of which the last is the first."""


class Feature(NamedTuple):
    """An area of the file; fault: what is wrong with it, empty where nothing is."""

    place: str
    code: str
    polygons: list[Any]
    fault: str


class Collection(NamedTuple):
    """What a file holds, and who drew it."""

    attribution: str
    features: list[Feature]


def read(content: bytes) -> Collection:
    """Return the areas of a file, faulty ones marked. Raises Invalid where it is no such file."""
    try:
        told = json.loads(content)
    except ValueError as error:
        raise Invalid(_("Tệp không phải là GeoJSON.")) from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or told.get("type") != "FeatureCollection":
        raise Invalid(_("Tệp không phải là một FeatureCollection của GeoJSON."))
    attribution = told.get("attribution", "")
    return Collection(
        attribution=nfc(attribution).strip() if isinstance(attribution, str) else "",
        features=[_feature(number, one) for number, one in enumerate(features, 1)],
    )


def _feature(number: int, told: Any) -> Feature:
    properties = told.get("properties") if isinstance(told, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    place = _("Dòng %(number)d") % {"number": number}
    if not isinstance(code, str) or not code:
        return Feature(place, "", [], _("Thiếu mã đơn vị hành chính (properties.code)."))
    geometry = told.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        return Feature(place, code, [], _("Hình phải là Polygon hoặc MultiPolygon."))
    points = geometry.get("coordinates")
    polygons = [points] if kind == "Polygon" else points
    is_drawn = isinstance(polygons, list) and bool(polygons) and all(map(_is_polygon, polygons))
    fault = "" if is_drawn else _("Đường bao không khép kín hoặc có tọa độ sai.")
    return Feature(place, code, polygons if is_drawn else [], fault)


def _is_polygon(rings: Any) -> bool:
    return isinstance(rings, list) and bool(rings) and all(map(_is_ring, rings))


def _is_ring(points: Any) -> bool:
    return (
        isinstance(points, list)
        and len(points) >= _LEAST
        and all(map(_is_position, points))
        and points[0] == points[-1]
    )


def _is_position(point: Any) -> bool:
    """Tell whether a point is a longitude and a latitude in degrees (WGS-84)."""
    return (
        isinstance(point, list)
        and len(point) >= 2  # noqa: PLR2004 - a height may follow
        and all(type(one) in {int, float} and math.isfinite(one) for one in point)
        and abs(point[0]) <= 180  # noqa: PLR2004 - degrees
        and abs(point[1]) <= 90  # noqa: PLR2004 - degrees
    )
