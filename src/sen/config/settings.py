"""Every deployment value, read from the environment with a safe default.

What an administrator may change is data with its history, not a setting.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from sen.base import row_security
from sen.config import embedded, logs, proxies

SOURCE = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("SEN_HOME", SOURCE.parents[1] / "var")).resolve()
"""All state of this installation."""


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether an environment variable is set to 1, true, yes or on."""
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def database(url: str) -> dict[str, object]:
    """Return Django's description of a database from its address."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "sen.kernel.database.adapters",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


# -- What kind of installation this is

DEBUG = flag("SEN_DEBUG")
DEMO = flag("SEN_DEMO")
DEMO_DOSSIERS = int(os.environ.get("SEN_DEMO_DOSSIERS", "3000"))
"""Invented people, one-click sign-in, simulators; every page says so."""

SECRET_KEY = embedded.secret(HOME, "django")
FIELD_KEY = embedded.secret(HOME, "fields")
"""The root of the keys that seal sensitive answers and key the digests of the audit trail."""

ALLOWED_HOSTS = os.environ.get("SEN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SEN_ORIGINS", "").split(",") if o]
PUBLIC_URL = os.environ.get("SEN_PUBLIC_URL", "http://localhost:8000")
"""Where people reach Sen; stands in QR codes and messages."""
SECURE = PUBLIC_URL.startswith("https:")
SEARCHABLE = (
    "/", "/thu-tuc/", "/thu-tuc/*/", "/su-kien/", "/su-kien/*/", "/tra-cuu/", "/xac-minh/",
    "/sitemap.xml",
)  # fmt: skip
"""Pages that search engines may show, `*` being one part; all others they may not."""
SECURITY_CONTACT = os.environ.get("SEN_SECURITY_CONTACT", "")
"""Whom to tell of a weakness of this installation: begins with https://, mailto: or tel:."""

# -- Applications, Sen's lowest first: a package is ready before those that build on it

INSTALLED_APPS = [
    "sen.kernel.database",
    "sen.kernel.jobs",
    "sen.kernel.events",
    "sen.kernel.audit",
    "sen.kernel.keeping",
    "sen.kernel.legal",
    "sen.kernel.organisations",
    "sen.kernel.identity",
    "sen.kernel.access",
    "sen.kernel.figures",
    "sen.kernel.search",
    "sen.kernel.files",
    "sen.kernel.signing",
    "sen.kernel.papers",
    "sen.kernel.notifications",
    "sen.kernel.calendar",
    "sen.kernel.forms",
    "sen.kernel.workflow",
    "sen.web",
    "sen.systems.account",
    "sen.systems.inbox",
    "sen.systems.public_services",
    "sen.systems.results",
    "sen.systems.registries",
    "sen.systems.administration",
    "sen.systems.operations",
    "sen.kernel.manifest",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "template_partials",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sen.web.middleware.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sen.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sen.web.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "sen.config.urls"
ATOMIC_REQUESTS = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sen.web.frame.frame",
            ],
            "builtins": ["sen.web.templatetags.ui"],
        },
    }
]

# -- Database: the application's role, and the owner's for migrations only

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL") or embedded.urls(HOME).app),
    "owner": database(os.environ.get("SEN_OWNER_DATABASE_URL") or embedded.urls(HOME).owner),
}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]  # a mapping by construction above
    "pool": {"min_size": 1, "max_size": int(os.environ.get("SEN_POOL", "12")), "timeout": 10},
    "server_side_binding": True,
    "prepare_threshold": 5,  # decision 0021
}
ACTS_AS_SYSTEM = flag("SEN_ACTS_AS_SYSTEM")
"""Whether this process's transactions begin as the system's own: a worker's do."""
LOCK_SECONDS = os.environ.get("SEN_LOCK_SECONDS", "")
"""How long a statement of a page waits for somebody else's lock; jobs and commands wait on."""
_SESSION = [f"-c {row_security.SYSTEM}=on"] if ACTS_AS_SYSTEM else []
if LOCK_SECONDS:
    _SESSION.append(f"-c lock_timeout={int(LOCK_SECONDS)}s")
if _SESSION:
    DATABASES["default"]["OPTIONS"]["options"] = " ".join(_SESSION)  # type: ignore[index]  # likewise
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_DATABASE_ALIAS = "default"

# -- People

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["sen.kernel.identity.adapters.passwords.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account:sign-in"
LOGIN_REDIRECT_URL = "/"
OFFICIAL_HOME = "inbox:tasks"
"""Where an official begins; everybody else begins at LOGIN_REDIRECT_URL."""
SESSION_ENGINE = "sen.kernel.identity.adapters.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sen" if SECURE else "sen"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "sen.kernel.identity.adapters.allauth.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "sen.kernel.identity.adapters.allauth.SocialAccountAdapter"
MFA_ADAPTER = "sen.kernel.identity.adapters.allauth.MfaAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sen"
NATIONAL_IDENTITY_URL = os.environ.get("SEN_NATIONAL_IDENTITY_URL", "")
NATIONAL_IDENTITY_CLIENT = os.environ.get("SEN_NATIONAL_IDENTITY_CLIENT", "sen")
NATIONAL_IDENTITY_SECRET = os.environ.get("SEN_NATIONAL_IDENTITY_SECRET", "")

# -- Language, zone, formats

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "sen_language"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "sen.web.formats"

# -- Static files, uploads, limits

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "sen.web.assets.Assets"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 3600
FILES_ROOT = HOME / "files"
FILES, FILES_ALSO = os.environ.get("SEN_FILES", ""), os.environ.get("SEN_FILES_ALSO", "")
"""Where files are written, `folder` or `s3://bucket/prefix`; and where older ones still lie."""
S3 = {
    "endpoint": os.environ.get("SEN_S3_ENDPOINT", ""),
    "region": os.environ.get("SEN_S3_REGION", "us-east-1"),
    "key": os.environ.get("SEN_S3_KEY", ""),
    "secret": os.environ.get("SEN_S3_SECRET", ""),
    "authority": os.environ.get("SEN_S3_AUTHORITY", ""),
}
BODY_LIMIT = 1024 * 1024
"""Bytes of a request's body; uploads come in pieces of at most UPLOAD_PIECE_LIMIT."""
UPLOAD_PIECE_LIMIT = 8 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_PIECE_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_PIECE_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# -- Security headers

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
TRUSTED_PROXIES = proxies.networks(os.environ.get("SEN_TRUSTED_PROXIES", ""))
"""Whose word on their client is believed: its address and whether it came by https."""
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *([NATIONAL_IDENTITY_URL] if NATIONAL_IDENTITY_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# -- Logs, metrics, alarms

METRICS_TOKEN = os.environ.get("SEN_METRICS_TOKEN", "")
"""What a scraper on another machine shows at `/metrics`; without it only this machine may read."""
ALARM_MAIL = [one.strip() for one in os.environ.get("SEN_ALARM_MAIL", "").split(",") if one.strip()]
ALARM_URL = os.environ.get("SEN_ALARM_URL", "")
"""Who is told that an alarm rings or has ended: addresses of mail, a webhook."""
TLS_CERTIFICATE = os.environ.get("SEN_TLS_CERTIFICATE", "")
"""The certificate that Sen's own web server shows, where it speaks TLS itself."""
LOGGING = logs.configure()

# -- Messages out

EMAIL_HOST = os.environ.get("SEN_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("SEN_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("SEN_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SEN_MAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("SEN_MAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("SEN_MAIL_FROM", "sen@localhost")
SMS_URL = os.environ.get("SEN_SMS_URL", "")
SMS_TOKEN = os.environ.get("SEN_SMS_TOKEN", "")

# -- Registries outside the province; each is off without an address

REGISTRIES = {
    "population": os.environ.get("SEN_POPULATION_URL", ""),
    "civil_status": os.environ.get("SEN_CIVIL_STATUS_URL", ""),
    "birth_notes": os.environ.get("SEN_BIRTH_NOTES_URL", ""),
    "enterprises": os.environ.get("SEN_ENTERPRISES_URL", ""),
    "land": os.environ.get("SEN_LAND_URL", ""),
    "education": os.environ.get("SEN_EDUCATION_URL", ""),
    "poverty": os.environ.get("SEN_POVERTY_URL", ""),
    "social_insurance": os.environ.get("SEN_SOCIAL_INSURANCE_URL", ""),
    "social_security": os.environ.get("SEN_SOCIAL_SECURITY_URL", ""),
}
REGISTRIES_ACCOUNT = os.environ.get("SEN_REGISTRIES_ACCOUNT", "sen")
REGISTRIES_SECRET = os.environ.get("SEN_REGISTRIES_SECRET", "")

# -- Systems of ministries that settle what is received here; each is off without an address

SETTLED_ELSEWHERE = {
    "residence": (
        os.environ.get("SEN_RESIDENCE_URL", ""), os.environ.get("SEN_RESIDENCE_SECRET", "")
    ),
}  # fmt: skip
"""Address and secret of each partner."""

# -- Time-stamping of the audit trail (RFC 3161); off without an address

TSA_URL = os.environ.get("SEN_TSA_URL", "")

# -- Signing

SIGNING_HOME = HOME / "signing"
"""Keys and certificates of the local authority; only where no outside service holds them."""
