"""What manifests promise is there: each act has its page, its API operation and its right."""

from __future__ import annotations

import re

from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.utils.module_loading import import_string

from sen.kernel.access import public as access
from sen.kernel.manifest import public as manifest
from sen.kernel.workflow import public as workflow
from tests.architecture.tree import SOURCE

SOME_ID = "01a20010-ad14-7d21-914d-a9de4f3e665c"


def is_address(name: str) -> bool:
    """Return whether a named address exists, whatever its arguments."""
    namespace, _, short = name.rpartition(":")
    resolver = get_resolver()
    if namespace:
        resolver = resolver.namespace_dict[namespace][1]
    return any(True for _one in resolver.reverse_dict.getlist(short))


def operations() -> set[str]:
    """Return the operation ids of the whole API."""
    from sen.config.api import api

    return {
        operation["operationId"]
        for path in api.get_openapi_schema()["paths"].values()
        for operation in path.values()
    }


def contributed() -> dict[str, workflow.Act]:
    """Return the acts of the manifests; tests of the kernel register trial ones of their own."""
    return {act.code: act for one in manifest.manifests() for act in one.acts}


def test_every_act_has_its_right_its_page_and_its_operation():
    known = operations()
    rights = access.permissions()
    faults = [
        f"{code}: {what}"
        for code, act in contributed().items()
        for what, is_there in (
            (f"no permission {act.permission}", act.permission is None or act.permission in rights),
            (f"no page {act.url_name}", is_address(act.url_name)),
            (f"no operation {act.api_operation}", act.api_operation in known),
        )
        if not is_there
    ]

    assert faults == []


def test_every_entry_of_the_menu_leads_somewhere():
    faults = []
    for one in manifest.manifests():
        for item in one.menu:
            try:
                reverse(item.url_name)
            except NoReverseMatch:
                faults.append(item.url_name)

    assert faults == []


def test_every_system_has_a_manifest_of_its_name():
    packages = {path.parent.name for path in SOURCE.glob("systems/*/apps.py")}

    assert {one.code for one in manifest.manifests()} == packages


def test_urls_and_routers_can_be_imported():
    for one in manifest.manifests():
        if one.urls:
            assert import_string(f"{one.urls}.app_name") == one.code
        if one.api:
            import_string(one.api)


def test_paths_of_pages_are_vietnamese_without_marks():
    routes = [
        str(pattern.pattern)
        for one in manifest.manifests()
        if one.urls
        for pattern in import_string(f"{one.urls}.urlpatterns")
    ]

    assert [route for route in routes if not re.fullmatch(r"[a-z0-9/<>:_.-]*", route)] == []


def test_no_address_of_the_api_hides_another():
    """Django takes the first pattern that fits: `/verification/{key}` would take `/files` too."""
    from sen.config.api import api

    hidden = {}
    for path in api.get_openapi_schema()["paths"]:
        sample = re.sub(r"\{\w*id\}|\{task\}|\{draft\}", SOME_ID, path)
        sample = re.sub(r"\{\w+\}", "x", sample)
        found = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", resolve(sample).route)
        if found != path:
            hidden[path] = found

    assert hidden == {}
