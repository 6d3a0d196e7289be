"""All settings, from environment variables; every default works on one machine."""

from __future__ import annotations

from pathlib import Path

import environ

from masthead.config.home import django_key, home

env = environ.Env()
HOME = home()
DEBUG = env.bool("MASTHEAD_DEBUG", False)
PUBLIC_URL = env.str("MASTHEAD_PUBLIC_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "MASTHEAD_HOSTS", default=["localhost", "127.0.0.1", "[::1]", environ.urlparse(PUBLIC_URL).hostname]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("MASTHEAD_BEHIND_PROXY", False) else None
SECRET_KEY = env.str("MASTHEAD_SECRET_KEY", "") or django_key(HOME)
HTTPS = PUBLIC_URL.startswith("https://")

# Masthead's own
ALLOW_PRIVATE = env.bool("MASTHEAD_ALLOW_PRIVATE", False)
METRICS = env.bool("MASTHEAD_METRICS", False)
METRICS_TOKEN = env.str("MASTHEAD_METRICS_TOKEN", "")
SANDBOX = env.bool("MASTHEAD_SANDBOX", False)
SANDBOX_URL = env.str("MASTHEAD_SANDBOX_URL", "http://127.0.0.1:8020")
AI_TRAINING = env.bool("MASTHEAD_AI_TRAINING", False)
OPEN_SIGN_UP = env.bool("MASTHEAD_OPEN_SIGN_UP", False)
POSTIZ_CALLBACKS = env.bool("MASTHEAD_POSTIZ_CALLBACKS", False)
MAX_UPLOAD_BYTES = env.int("MASTHEAD_MAX_UPLOAD_BYTES", 200_000_000)
IMPORT_BYTES = env.int("MASTHEAD_IMPORT_BYTES", 20_000_000_000)
IMPORT_UNPACKED_BYTES = env.int("MASTHEAD_IMPORT_UNPACKED_BYTES", 100_000_000_000)
IMPORT_ENTRY_BYTES = env.int("MASTHEAD_IMPORT_ENTRY_BYTES", 8_000_000)
IMPORT_RATIO = env.int("MASTHEAD_IMPORT_RATIO", 200)
CORPORA = env.list("MASTHEAD_CORPORA", default=[])
AUDIT_PROCESSES = env.int("MASTHEAD_AUDIT_PROCESSES", 0)
CALLS_KEPT_DAYS = env.int("MASTHEAD_CALLS_KEPT_DAYS", 100)

INSTALLED_APPS = [
    "masthead.workspaces",  # before allauth, whose templates it overrides
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "ninja",
    "masthead.notifications",
    "masthead.metering",
    "masthead.channels",
    "masthead.media",
    "masthead.posts",
    "masthead.campaigns",
    "masthead.rights",
    "masthead.web",
    "masthead.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "masthead.web.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "masthead.workspaces.middleware.PersonMiddleware",
    "masthead.api.idempotency.IdempotencyMiddleware",
]
ROOT_URLCONF = "masthead.config.urls"
WSGI_APPLICATION = "masthead.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "masthead.web.context.shell",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql:///masthead")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "masthead.workspaces.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "masthead.workspaces.sign_in.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Masthead] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "masthead.workspaces.sign_in.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Masthead"
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = {}
if env.str("OIDC_ISSUER", ""):
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")  # it loads an HTTP client of 10 MB
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": env.str("OIDC_NAME", "single sign-on"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": env.str("OIDC_ISSUER")},
            }
        ],
    }

SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "masthead.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", "https:"]
        if HTTPS
        else ["'self'", "https:", "http://localhost:*", "http://127.0.0.1:*"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = env.str("MASTHEAD_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).parent.parent / "web" / "locale"]
FORMAT_MODULE_PATH = ["masthead.web.formats"]
TIME_ZONE = env.str("MASTHEAD_TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [Path(__file__).parent.parent / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "media"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if env.str("S3_BUCKET", ""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT", None),
            "region_name": env.str("S3_REGION", None),
            "access_key": env.str("S3_ACCESS_KEY", None),
            "secret_key": env.str("S3_SECRET_KEY", None),
            "querystring_auth": True,
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": True,
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "masthead.media.limits.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MEDIA_USED_BY = ["masthead.posts.uses.is_used"]

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("MASTHEAD_FROM_EMAIL", "Masthead <masthead@localhost>")
EMAIL_TIMEOUT = 20
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING_CONFIG = None
