"""What was filed: the dossier, its parties, its papers, its charges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case as Choice
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from sen.base.identifiers import new_id
from sen.kernel.database.public import Joined
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import (
    DeliveryState,
    DossierState,
    MoneyState,
    NationalState,
    PaperSource,
    PartyRole,
    SyncState,
)
from sen.systems.public_services.models.catalogue import Case
from sen.systems.public_services.rules.dossiers import STANDS_STILL

FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Where open dossiers stand in a list that have no day yet: last."""


class Pace(models.IntegerChoices):
    """How the time of an open dossier stands."""

    WAITS = 0, "waits for its reception"
    RUNS = 1, "runs"
    STILL = 2, "stands still"


class Dossier(models.Model):
    """A filed request ("hồ sơ") from its filing to its end.

    Five states that are not one another: state (the work), national_state (as the national portal
    counts), money_state, delivery_state, sync_state. Three organisations: helped_at (where somebody
    helped), received_unit (where it is officially received), competent_unit (who decides).
    allowance, calendar_edition and due_at are frozen at reception; expected_at moves with pauses.
    version rises with each act; last_act, last_by and last_at say which.
    pace: made of the others, for indexes of open work: most acts leave it as it is.
    link_secret: 128 bits, the key of the address in the QR code. draft: the draft it was filed
    from, so that a submission sent twice is one dossier.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(unique=True)
    link_secret = models.TextField(unique=True)
    draft = models.UUIDField(unique=True, null=True, blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    channel = models.TextField()
    state = models.TextField(choices=DossierState.choices, default=DossierState.SUBMITTED)
    national_state = models.PositiveSmallIntegerField(
        choices=NationalState.choices, default=NationalState.FILED
    )
    money_state = models.TextField(choices=MoneyState.choices, default=MoneyState.NOT_DUE)
    delivery_state = models.TextField(
        choices=DeliveryState.choices, default=DeliveryState.NOT_READY
    )
    sync_state = models.TextField(choices=SyncState.choices, default=SyncState.LOCAL)
    helped_at = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_unit = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    competent_unit = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    settled_in = models.TextField()
    delivery = models.TextField(default="online")
    allowance = models.JSONField()
    calendar_edition = models.PositiveIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    competent_received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    last_act = models.TextField()
    last_by = models.UUIDField(null=True, blank=True)
    last_at = models.DateTimeField()
    pace = models.GeneratedField(
        expression=Choice(
            When(state__in=sorted(STANDS_STILL), then=Value(Pace.STILL.value)),
            When(received_at=None, then=Value(Pace.WAITS.value)),
            default=Value(Pace.RUNS.value),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(due_at__isnull=False),
                name="dossier_received_has_due",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DossierState.ISSUED, DossierState.HANDED_OVER])
                | Q(issued_at__isnull=False),
                name="dossier_issued_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["competent_unit", "-id"], name="dossier_by_competent"),
            models.Index(fields=["received_unit", "-id"], name="dossier_by_received"),
            models.Index(
                F("competent_unit"),
                Coalesce(F("expected_at"), F("due_at"), Value(FAR)),
                F("id"),
                name="dossier_open_by_day",
                condition=Q(issued_at=None, ended_at=None),
            ),
            # answers counts by itself; its expression only where it has the columns as well
            models.Index(
                F("competent_unit"),
                F("pace"),
                Coalesce(F("expected_at"), F("due_at"), Value(FAR)),
                F("id"),
                name="dossier_open_standing",
                condition=Q(issued_at=None, ended_at=None),
                include=["expected_at", "due_at"],
            ),
            BrinIndex(fields=["received_at"], name="dossier_by_reception", autosummarize=True),
            BrinIndex(fields=["issued_at"], name="dossier_by_issue", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def party_by_role(self) -> dict[str, Party]:
        """Return the parties with their persons, by role; read once."""
        parties: dict[str, Party] = {}
        for party, person in _PARTY.rows(
            f"SELECT {_PARTY.columns} FROM public_services_party"
            " LEFT JOIN identity_person ON identity_person.id = public_services_party.person_id"
            " WHERE public_services_party.dossier_id = %s",
            [self.id],
        ):
            party.dossier, party.person = self, person
            parties[party.role] = party
        return parties

    @cached_property
    def party_persons(self) -> list[UUID]:
        """Return the parties' known persons, owner first; a locked dossier brings them along."""
        parties = sorted(self.party_by_role.values(), key=lambda party: (party.role, party.id))
        return [party.person_id for party in parties if party.person_id is not None]

    concerned: list[UUID] | None = None
    """In whose matter its council speaks, where that was asked (`queries.council.concerned`)."""
    told: Mapping[str, Any] | None = None
    """What its form was answered, where that was asked (`queries.council.told`)."""

    @cached_property
    def actor_family(self) -> list[UUID] | None:
        """Return the close family of whoever locked the dossier, None where nobody asked."""
        return None


class Party(models.Model):
    """Somebody in a dossier, as they were when it was filed; personal data under row security.

    person: the known person, if any. enterprise: that owns the dossier, then last_digits are those
    of its tax code. authority: the paper that allows a representative to act.
    national_number is kept sealed by the person's record; here only its last four digits, which the
    lookup without sign-in asks for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="parties", db_index=False
    )
    role = models.TextField(choices=PartyRole.choices)
    person = models.ForeignKey(
        "identity.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    enterprise = models.ForeignKey(
        "identity.Enterprise", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    full_name = models.TextField()
    last_digits = models.TextField(blank=True)
    birth_date = models.DateField(null=True, blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    address = models.TextField(blank=True)
    relation = models.TextField(blank=True)
    authority = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "role"], name="party_role_once"),
            models.CheckConstraint(
                condition=Q(enterprise=None) | Q(role=PartyRole.OWNER, person=None),
                name="party_enterprise_owns",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.dossier_id}"

    @property
    def tax_code(self) -> str:
        """The tax code of an enterprise, empty for a person."""
        return self.enterprise.tax_code if self.enterprise is not None else ""


_PARTY = Joined(Party, identity.Person)


class DossierPaper(models.Model):
    """A paper of a dossier ("thành phần hồ sơ"): what it is and where it came from.

    code: of the case's paper rule. result: the public key of a kept result that stands for it.
    supplement: the request that it answers, None for the first filing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="papers")
    code = models.TextField()
    title = models.JSONField()
    source = models.TextField(choices=PaperSource.choices)
    file = models.ForeignKey(
        "files.File", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.TextField(blank=True)
    note = models.TextField(blank=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    supplement = models.UUIDField(null=True, blank=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code} {self.dossier_id}"


class FeeLine(models.Model):
    """One charge of a dossier, computed at filing and frozen at reception; whole đồng."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="fee_lines")
    code = models.TextField()
    title = models.JSONField()
    kind = models.TextField()
    unit_amount_vnd = models.PositiveBigIntegerField()
    quantity = models.PositiveIntegerField()
    amount_vnd = models.PositiveBigIntegerField()
    source = models.TextField(blank=True)
    state = models.TextField(choices=MoneyState.choices, default=MoneyState.WAITING)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd=models.F("unit_amount_vnd") * models.F("quantity")),
                name="feeline_amount_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount_vnd}"
