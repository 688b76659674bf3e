"""Tables of identity: persons, enterprises, accounts, employments, sessions, tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sen.base.actor import Strength
from sen.base.identifiers import new_id
from sen.kernel.identity.choices import AccountKind, KinshipKind, RepresentationKind, Sex


class Person(models.Model):
    """A natural person ("cá nhân"), with or without an account.

    national_number_sealed: the number encrypted for this row, null while the person has none.
    national_number_digest: its keyed digest, by which the person is found; unique.
    name_key: sorts persons by given name first. area: the commune of residence.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    national_number_sealed = models.BinaryField(null=True)
    national_number_digest = models.BinaryField(null=True, unique=True)
    full_name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=260)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=8, choices=Sex, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    area = models.ForeignKey(
        "organisations.Area", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_person_number_whole",
                condition=Q(
                    national_number_sealed__isnull=True, national_number_digest__isnull=True
                )
                | Q(national_number_sealed__isnull=False, national_number_digest__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["name_key", "id"], name="identity_person_by_name")]


class Enterprise(models.Model):
    """An enterprise, cooperative or household business ("tổ chức") known by its tax code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tax_code = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=300)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their user name, as Django asks."""


class Account(AbstractBaseUser):
    """What signs in ("tài khoản"): a citizen's, an official's or a connected system's.

    A person has at most one citizen account and one official account; they never merge.
    must_change_password: the password was given by somebody else and has to be changed first.
    last_active_at: moment of the latest sign-in; after 45 idle days an official's account is
    disabled. totp_counter: the latest time step whose code was used; a code is good only once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=AccountKind)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="accounts")
    last_login = None  # `last_active_at` says it, without a signal
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="vi")
    must_change_password = models.BooleanField(default=False)
    last_active_at = models.DateTimeField(null=True)
    totp_counter = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], name="identity_account_one_per_person_and_kind"
            ),
            models.CheckConstraint(
                name="identity_account_person_or_service",
                condition=Q(kind=AccountKind.SERVICE) | Q(person__isnull=False),
            ),
        ]

    @property
    def is_official(self) -> bool:
        return self.kind == AccountKind.OFFICIAL

    @property
    def is_citizen(self) -> bool:
        return self.kind == AccountKind.CITIZEN


class NationalIdentity(models.Model):
    """The tie of a citizen's account to the national electronic identity: issuer and its subject.

    It is made once, by a verified national number, and never by a name or an e-mail address.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, related_name="national_identity"
    )
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="identity_national_identity_once"
            )
        ]


class Employment(models.Model):
    """An official holds a position ("giữ chức vụ") from a day until a day, both included.

    is_default: the position taken at sign-in; at most one an account.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="employments")
    position = models.ForeignKey(
        "organisations.Position", on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_employment_days",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["account", "position", "valid_from"], name="identity_employment_once"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True),
                name="identity_employment_one_default",
            ),
        ]


class Representation(models.Model):
    """One person acts for another person or for an enterprise ("đại diện"), with evidence, dated.

    evidence: what proves it (a birth certificate's number, an authorisation).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    representative = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="representations"
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE, related_name="represented_by"
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.CASCADE, related_name="represented_by"
    )
    kind = models.CharField(max_length=24, choices=RepresentationKind)
    evidence = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_representation_of_one",
                condition=Q(person__isnull=False, enterprise__isnull=True)
                | Q(person__isnull=True, enterprise__isnull=False),
            ),
            models.CheckConstraint(
                name="identity_representation_days",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="identity_representation_of_another",
                condition=~Q(person=F("representative")) | Q(person__isnull=True),
            ),
        ]


class Kinship(models.Model):
    """A family tie ("quan hệ gia đình") of a person to a relative, kept in one direction."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kin")
    relative = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kin_of")
    kind = models.CharField(max_length=8, choices=KinshipKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], name="identity_kinship_once"),
            models.CheckConstraint(
                name="identity_kinship_of_another", condition=~Q(person=F("relative"))
            ),
        ]


class ApiToken(models.Model):
    """A bearer token ("khóa truy cập API"): only its digest is kept, the secret is shown once.

    scopes: what it may do, such as `dossiers:read`. position: in which its owner acts, null for
    the owner's default. last_used_on: written at most once a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.CharField(max_length=60))
    position = models.ForeignKey(
        "organisations.Position", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)


class Session(models.Model):
    """A browser's session ("phiên làm việc"), signed in or not; only a digest of its key is kept.

    employment and representation: as whom the person acts at the moment. strength: how surely the
    person is known, a value of `Strength`; NONE until every step of the sign-in is done.
    """

    posts = 0
    """How many positions the account holds today, where the session was read with its account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(unique=True)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    employment = models.ForeignKey(
        Employment, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    representation = models.ForeignKey(
        Representation, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    strength = models.PositiveSmallIntegerField(default=Strength.NONE)
    data = models.TextField()
    agent = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="identity_session_expiry")]


class Attempt(models.Model):
    """How often something that is limited was tried in its window: sign-ins, codes, look-ups.

    key: keyed digest of what is limited (a user name, an address), so that no name is stored.
    """

    key = models.BinaryField(primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="identity_attempt_expiry")]
