"""Many lives at once, each with its people, and what went wrong in them."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

from tests.storms.clients import Client, Seen
from tests.storms.crew import NAMES, PLACES
from tests.storms.installation import Installation
from tests.storms.lives import WAYS, Life

CLIENTS = 8
CITIZENS = len(NAMES)


def made_in(demo: Installation) -> dict[str, Any]:
    """Return the people of an installation, made there once: officials by place and role, citizens.

    Citizens who did nothing for half an hour would have to sign in again.
    """
    if not demo.crew:
        made = demo.run("tests.storms.crew", "people", str(CITIZENS))
        assert made.returncode == 0, made.stderr
        demo.crew = made.stdout
    demo.rows("UPDATE identity_session SET last_seen_at = now()")
    return json.loads(demo.crew)


def people(demo: Installation, crew: dict[str, Any], place: str, father: Any, seen: Seen) -> Any:
    """Return the clients of one dossier: its citizen and the officials of a place."""
    officials = crew["officials"][place]
    return {
        "citizen": Client(demo.address, seen, session=father["session"]),
        **{role: Client(demo.address, seen, token=one["token"]) for role, one in officials.items()},
    }


def births(
    demo: Installation,
    crew: Any,
    number: int,
    seen: Seen,
    seed: int,
    ways: Mapping[str, int] = WAYS,
) -> list[Life]:
    """Return so many births to be registered, the same for the same seed."""
    made = []
    for index in range(number):
        chance = random.Random(f"{seed} {index}")
        place = chance.choice(sorted(PLACES))
        father = crew["citizens"][index % CITIZENS]
        made.append(
            Life(
                number=index,
                way=chance.choices(list(ways), list(ways.values()))[0],
                place=place,
                people=people(demo, crew, place, father, seen),
                accounts={role: one["account"] for role, one in crew["officials"][place].items()},
                father=father,
                chance=chance,
            )
        )
    return made


def live_all(lives: list[Life], scan: bytes) -> list[str]:
    """Let so many clients at once carry the lives through; return what went wrong."""
    waiting: SimpleQueue[Life] = SimpleQueue()
    for one in lives:
        waiting.put(one)
    wrong: list[str] = []

    def work() -> None:
        while True:
            try:
                one = waiting.get_nowait()
            except Empty:
                return
            try:
                one.live(scan)
            except Exception as error:  # noqa: BLE001 - told with all the others
                wrong.append(f"life {one.number} ({one.way}, {one.code}): {error!r}"[:1500])

    clients = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return wrong


def at_once(number: int, ask: Callable[[int], Any]) -> list[Any]:
    """Return what so many clients got who asked in the same moment."""
    gate = threading.Barrier(number)

    def one(index: int) -> Any:
        gate.wait()
        return ask(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))
