"""Django's settings. One file; what differs between sites comes from `environment`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.urls import reverse_lazy

from xiezhi import __version__
from xiezhi.kernel import clock
from xiezhi.web.config.environment import VARIABLES, Environment, secret_of
from xiezhi.web.config.logs import logging
from xiezhi.web.database import embedded

ENVIRONMENT = Environment.read()
WEB = Path(__file__).resolve().parent.parent

XIEZHI_HOME = ENVIRONMENT.home
XIEZHI_VERSION = __version__
XIEZHI_DEMO = ENVIRONMENT.mode == "demo"
XIEZHI_POLICY = ENVIRONMENT.policy
XIEZHI_CONTENT = ENVIRONMENT.content
XIEZHI_KEY_FILE = ENVIRONMENT.key_file
XIEZHI_MEMORY = ENVIRONMENT.memory
XIEZHI_THREADS = ENVIRONMENT.threads
XIEZHI_IDLE_MINUTES = 30
XIEZHI_SESSION_HOURS = 12
XIEZHI_OIDC = ENVIRONMENT.directory is not None
XIEZHI_OIDC_MFA = ENVIRONMENT.directory is not None and ENVIRONMENT.directory.mfa
XIEZHI_OIDC_CLAIM = ENVIRONMENT.directory.claim if ENVIRONMENT.directory else ""
XIEZHI_LDAP = ENVIRONMENT.ldap
XIEZHI_CERTIFICATE = ENVIRONMENT.certificate
XIEZHI_CERTIFICATE_MFA = ENVIRONMENT.certificate is not None and ENVIRONMENT.certificate.two_factors
XIEZHI_CHECKPOINT_COPY = ENVIRONMENT.checkpoint_copy
XIEZHI_CHECKPOINT_SYSLOG = ENVIRONMENT.checkpoint_syslog
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
XIEZHI_VARIABLES = frozenset(VARIABLES)
XIEZHI_METRICS_TOKEN_FILE = ENVIRONMENT.metrics_token_file

DEBUG = False
LOGGING = logging()
SECRET_KEY = secret_of(XIEZHI_HOME / "keys" / "django.key")
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "xiezhi.web.config.urls"
WSGI_APPLICATION = "xiezhi.web.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

APPS = (
    "audit",
    "accounts",
    "trail",
    "jobs",
    "notices",
    "help",
    "matters",
    "reveals",
    "catalogue",
    "deliveries",
    "supervision",
    "alerts",
    "workbench",
    "api",
    "schedule",
    "doctor",
    "demonstration",
)

INSTALLED_APPS = [
    "xiezhi.web.kit",
    *(f"xiezhi.web.{app}" for app in APPS),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "xiezhi.web.kit.middleware.NoBodyToHead",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "xiezhi.web.audit.middleware.RequestFacts",
    "xiezhi.web.kit.middleware.PlainAddress",
    "xiezhi.web.kit.middleware.ContentLookedAtOnce",
    "xiezhi.web.kit.middleware.SaidFailures",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xiezhi.web.accounts.middleware.ActingViewer",
    "xiezhi.web.accounts.middleware.Speaking",
    "xiezhi.web.accounts.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # Ours come first; what others bring is read as Django reads it.
            "loaders": [
                "xiezhi.web.kit.layout.Loader",
                ("django.template.loaders.cached.Loader", ["django.template.loaders.app_directories.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xiezhi.web.kit.context.kit",
            ],
        },
    }
]
FORM_RENDERER = "xiezhi.web.kit.forms.KitRenderer"


def database(url: str) -> dict[str, Any]:
    """A PostgreSQL URL as Django wants it."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": options.pop("port", None) or parts.port or "",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASE_NAME = "xiezhi"
DATABASES = {
    "default": database(ENVIRONMENT.database_url or embedded.url(XIEZHI_HOME / "postgres", "xiezhi_app", DATABASE_NAME)),
}
if ENVIRONMENT.owner_url or not ENVIRONMENT.database_url:
    DATABASES["owner"] = database(ENVIRONMENT.owner_url or embedded.url(XIEZHI_HOME / "postgres", "xiezhi_owner", DATABASE_NAME))

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "xiezhi_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "xiezhi.web.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"xiezhi.web.accounts.passwords.{name}"} for name in ("Length", "Strength", "Complexity", "NotUsedBefore")
]

KIT_URLS = {"home": "workbench:home", "language": "accounts:language", "theme": "accounts:theme", "sign_out": "account_logout"}
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "xiezhi.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # every other session ends, the one that changed it goes on
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key", "reauthenticate": "10/m/user", "change_password": "5/m/user"}
ACCOUNT_FORMS = {
    name: f"xiezhi.web.accounts.forms.signing.{form}"
    for name, form in {"login": "SignIn", "reauthenticate": "PasswordAgain", "change_password": "ChangePassword"}.items()
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_ADAPTER = "xiezhi.web.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "獬豸 xiezhi"
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    name: f"xiezhi.web.accounts.forms.signing.{form}"
    for name, form in {
        "authenticate": "Code",
        "reauthenticate": "CodeAgain",
        "activate_totp": "FirstCode",
        "add_webauthn": "NewKey",
    }.items()
}

if ENVIRONMENT.directory is not None:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "xiezhi.web.accounts.directory.DirectoryAdapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "site",
                    "name": "directory",
                    "client_id": ENVIRONMENT.directory.client,
                    "secret": ENVIRONMENT.directory.secret_file.read_text().strip(),
                    "settings": {"server_url": ENVIRONMENT.directory.url},
                }
            ],
        }
    }

AXES_HANDLER = "xiezhi.web.accounts.lockout.Handler"
AXES_FAILURE_LIMIT = 5
XIEZHI_ADDRESS_FAILURES = 20
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger could keep an account locked for ever
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "xiezhi.web.accounts.lockout.username_of"
AXES_SENSITIVE_PARAMETERS = ["login", "code", "credential", "csrfmiddlewaretoken", "oldpassword", "password1", "password2"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "xiezhi.web.accounts.lockout.locked"
AXES_CLIENT_IP_CALLABLE = "xiezhi.web.audit.context.address_of"

SESSION_ENGINE = "xiezhi.web.accounts.session_store"
SESSION_COOKIE_NAME = "xiezhi_session"
SESSION_COOKIE_AGE = XIEZHI_SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 201
"""One more than an upload may have (`deliveries.policies.files`), so that it is the page that says so."""
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = clock.ZONE.key
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = XIEZHI_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": XIEZHI_HOME / "uploads"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# TLS is the proxy's: doctor checks it from outside. Addresses are counted by our own handler.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "axes.W006"]
