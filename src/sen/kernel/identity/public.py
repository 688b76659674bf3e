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
from sen.kernel.identity.adapters.passkeys import PasskeyRefused
from sen.kernel.identity.choices import (
    AccountKind,
    FactorChange,
    KinshipKind,
    RepresentationKind,
    Sex,
)
from sen.kernel.identity.data import (
    Enrolment,
    Origin,
    Passkey,
    Pending,
    PersonFacts,
    SecondFactors,
    Step,
    TotpCode,
)
from sen.kernel.identity.events import SecondFactorChanged
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
    second_factors,
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
    is_at_work,
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
from sen.kernel.identity.services.door_factors import (
    RecentSignInNeeded,
    add_passkey,
    ask_new_passkey,
    ask_passkey,
    give_passkey,
    give_recovery_code,
    is_recent,
    make_recovery_codes,
    new_enrolment,
    remove_passkey,
    rename_passkey,
    replace_app,
)
from sen.kernel.identity.services.employments import make_default
from sen.kernel.identity.services.passkeys import TooManyPasskeys
from sen.kernel.identity.services.persons import (
    add_kinship,
    add_representation,
    end_representation,
    ensure_enterprise,
    ensure_person,
    keep_person,
)
from sen.kernel.identity.services.recovery_codes import WrongRecoveryCode
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
    "Employment", "Enrolment", "Enterprise", "FactorChange", "IdentityMismatch", "Kinship",
    "KinshipKind", "Limit", "Origin", "Passkey", "PasskeyRefused", "Pending", "Person",
    "PersonFacts", "ProviderUnavailable", "RecentSignInNeeded", "Representation",
    "RepresentationKind", "SecondFactorChanged", "SecondFactors", "Session", "Sex",
    "SignInCancelled", "SignInExpired", "Step", "TokenExpired", "TokenPositionEnded",
    "TokenRevoked", "TokenUnknown", "TooManyPasskeys", "TotpCode", "WrongCode", "WrongPassword",
    "WrongRecoveryCode", "account", "account_named", "accounts_of_position", "actor", "actor_for",
    "add_kinship", "add_official", "add_passkey", "add_representation", "add_service",
    "ask_new_passkey", "ask_passkey", "change_password", "check_token", "citizen_account",
    "close_family", "create_token", "current_session", "current_totp", "disable_idle",
    "display_name", "display_names", "employ", "employments", "employments_of", "end_employment",
    "end_other_sessions", "end_representation", "end_session", "enrol", "enrol_totp", "enrolment",
    "ensure_enterprise", "ensure_person", "family", "find_person", "forget_attempts", "give_code",
    "give_demo_factor", "give_new_password", "give_passkey", "give_password",
    "give_recovery_code", "is_at_work", "is_recent", "keep_person", "leave_for_national_identity",
    "make_default", "make_recovery_codes", "national_number", "new_enrolment", "new_totp_secret",
    "note_attempt", "origin", "pending", "person", "persons", "remember_next", "remove_passkey",
    "rename_passkey", "renew_password", "replace_app", "representations", "require_scope",
    "reset_access", "return_from_national_identity", "revoke_token", "second_factors", "sessions",
    "set_active", "set_language", "sign_out", "spouse", "switch_position",
    "switch_representation", "take_next", "tokens",
]  # fmt: skip
