"""`python -m tests.storms.faulty.telling N`: tells all citizens of a storm of N things, each an act of its own.

`python -m tests.storms.faulty.telling poison` puts the job that kills into the queue.
"""

from __future__ import annotations

import sys


def tell(number: int) -> None:
    from django.db import transaction

    from sen.base import clock
    from sen.base.actor import COMMAND
    from sen.base.identifiers import new_id
    from sen.kernel.access import public as access
    from sen.kernel.identity.models import Person
    from sen.kernel.notifications import public as notifications

    people = list(
        Person.objects.filter(full_name__startswith="Nguyễn Bão ")
        .order_by("id")
        .values_list("id", flat=True)
    )
    for index in range(number):
        with transaction.atomic():
            access.enter(COMMAND)
            notifications.notify(
                to=notifications.Recipient(person=people[index % len(people)]),
                template="public_services.duty_stated",
                slots={"code": "H41", "amount": f"{index:06d}"},
                link="/",
                record=new_id(),
                at=clock.now(),
            )


def poison() -> None:
    from sen.kernel.jobs import public as jobs
    from tests.storms.faulty.jobs import POISON

    jobs.defer(POISON)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "poison":
        poison()
    else:
        tell(int(sys.argv[1]))
