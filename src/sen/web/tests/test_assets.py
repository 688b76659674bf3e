"""The address of an asset is made out once a process."""

from __future__ import annotations

import json

import pytest

from sen.web.assets import Assets


@pytest.fixture
def assets(tmp_path) -> Assets:
    manifest = {"paths": {"a.css": "a.123.css"}, "version": "1.1", "hash": ""}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "a.123.css").write_text("a", encoding="utf-8")
    return Assets(location=tmp_path, base_url="/static/")


def test_an_address_is_made_out_once(assets, settings):
    settings.DEBUG = False
    assert assets.url("a.css") == "/static/a.123.css"
    assets.hashed_files.clear()
    assert assets.url("a.css") == "/static/a.123.css"
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        assets.url("a.css", force=True)


def test_what_was_not_collected_has_no_address(assets, settings):
    settings.DEBUG = False
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        assets.url("b.css")
