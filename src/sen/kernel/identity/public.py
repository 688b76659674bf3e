"""The door of identity: who acts, persons and accounts, sign-in, sessions, tokens.

Whether an actor may use a verb on other people's accounts, the caller asks `access` first: rights
stand above this package.
"""

from __future__ import annotations

from sen.kernel.identity.adapters.national_identity import (
    AnswerRefused,
    ProviderUnavailable,
    SignInCancelled,
    SignInExpired,
)
from sen.kernel.identity.choices import AccountKind, KinshipKind, RepresentationKind, Sex
from sen.kernel.identity.data import Enrolment, Origin, Pending, PersonFacts, Step, TotpCode
from sen.kernel.identity.models import (
    Account,
    ApiToken,
    Employment,
    Enterprise,
    Kinship,
    Person,
    Representation,
    Session,
)
from sen.kernel.identity.queries import (
    account,
    account_named,
    accounts_of_position,
    citizen_account,
    close_family,
    display_name,
    display_names,
    employments,
    employments_of,
    family,
    find_person,
    national_number,
    person,
    persons,
    representations,
    sessions,
    spouse,
    tokens,
)
from sen.kernel.identity.services.accounts import (
    add_official,
    add_service,
    change_password,
    disable_idle,
    employ,
    end_employment,
    reset_access,
    set_active,
    set_language,
)
from sen.kernel.identity.services.attempts import Limit, forget_attempts, note_attempt
from sen.kernel.identity.services.door import (
    actor,
    actor_for,
    current_session,
    enrol,
    enrolment,
    give_code,
    give_new_password,
    give_password,
    leave_for_national_identity,
    origin,
    pending,
    remember_next,
    renew_password,
    require_scope,
    return_from_national_identity,
    sign_out,
    switch_position,
    switch_representation,
    take_next,
)
from sen.kernel.identity.services.persons import (
    add_kinship,
    add_representation,
    end_representation,
    ensure_enterprise,
    ensure_person,
    keep_person,
)
from sen.kernel.identity.services.sessions import end_other_sessions, end_session
from sen.kernel.identity.services.sign_in import (
    AccountDisabled,
    CodeUsed,
    IdentityMismatch,
    WrongCode,
    WrongPassword,
    current_totp,
    enrol_totp,
    give_demo_factor,
    new_totp_secret,
)
from sen.kernel.identity.services.tokens import (
    TokenExpired,
    TokenPositionEnded,
    TokenRevoked,
    TokenUnknown,
    check_token,
    create_token,
    revoke_token,
)

__all__ = [
    "Account", "AccountDisabled", "AccountKind", "AnswerRefused", "ApiToken", "CodeUsed",
    "Employment", "Enrolment", "Enterprise", "IdentityMismatch", "Kinship", "KinshipKind", "Limit",
    "Origin", "Pending", "Person", "PersonFacts", "ProviderUnavailable", "Representation",
    "RepresentationKind", "Session", "Sex", "SignInCancelled", "SignInExpired", "Step",
    "TokenExpired", "TokenPositionEnded", "TokenRevoked", "TokenUnknown", "TotpCode", "WrongCode",
    "WrongPassword", "account", "account_named", "accounts_of_position", "actor", "actor_for",
    "add_kinship", "add_official", "add_representation", "add_service", "change_password",
    "check_token", "citizen_account", "close_family", "create_token", "current_session",
    "current_totp", "disable_idle", "display_name", "display_names", "employ", "employments",
    "employments_of", "end_employment", "end_other_sessions", "end_representation", "end_session",
    "enrol", "enrol_totp", "enrolment", "ensure_enterprise", "ensure_person", "family",
    "find_person", "forget_attempts", "give_code", "give_demo_factor", "give_new_password",
    "give_password", "keep_person", "leave_for_national_identity", "national_number",
    "new_totp_secret", "note_attempt", "origin", "pending", "person", "persons", "remember_next",
    "renew_password", "representations", "require_scope", "reset_access",
    "return_from_national_identity", "revoke_token", "sessions", "set_active", "set_language",
    "sign_out", "spouse", "switch_position", "switch_representation", "take_next", "tokens",
]  # fmt: skip
