"""What every storm needs: no settings of the test run, a scanned paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys import life


@pytest.fixture(scope="module", autouse=True)
def no_settings_of_the_test_run() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("DATABASE_URL", "SEN_OWNER_DATABASE_URL", "SEN_POSTGRES_FSYNC"):
            environment.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def scan() -> bytes:
    return life.scan()
