"""What the tests of the search share."""

from __future__ import annotations

import pytest

from sen.kernel.access import public as access
from sen.kernel.search import public as search


@pytest.fixture
def kinds():
    if "trial.paper" not in search.sources():
        access.register_permissions(access.Permission("trial.paper.read", "Xem"))
        search.register_sources(
            search.SearchSource(
                kind="trial.paper",
                title="Văn bản thử",
                url_name="trial:paper",
                permission="trial.paper.read",
            ),
            search.SearchSource(kind="trial.person", title="Người thử", url_name="trial:person"),
        )
