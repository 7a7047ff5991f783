"""The settings of the platform: read once from the environment, typed, with their defaults."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(ValueError):
    """A variable in the environment has a value that can't be used."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that may be set from outside.

    ========================== ========== ====================================================
    Variable                   Default    Meaning
    ========================== ========== ====================================================
    DATABASE_URL               (none)     ``postgresql://user:password@host:port/name`` of a
                                          PostgreSQL >= 15; absent: the embedded one
    DATABASE_URL_FILE          (none)     file that holds DATABASE_URL, for it has a password
    DATABASE_OWNER_URL         (none)     the same database for the user that owns the schema, used
                                          by migrations only; absent: DATABASE_URL, whose user
                                          then serves as the role fellesjournal_app
    DATABASE_OWNER_URL_FILE    (none)     file that holds DATABASE_OWNER_URL
    FELLESJOURNAL_DATA         ./var      folder of the embedded database and the secret key
    FELLESJOURNAL_HOST         127.0.0.1  address to listen on
    FELLESJOURNAL_PORT         8000       port to listen on
    FELLESJOURNAL_WORKERS      2          server processes
    FELLESJOURNAL_THREADS      4          threads, each with one connection, per process
    FELLESJOURNAL_DEMO         1          1: fill an empty database with the demo region;
                                          0: start empty
    FELLESJOURNAL_CITIZENS     1000       size of that demo region
    FELLESJOURNAL_URL          (none)     address that users see, such as
                                          ``https://journal.example.no``; behind a proxy only
    FELLESJOURNAL_SECRET_KEY   (made)     key that signs sessions; absent: made once and kept
                                          in the data folder
    FELLESJOURNAL_SECRET_KEY_FILE (none)  file that holds the key
    FELLESJOURNAL_MAX_BODY_MB  80         largest body of an API request, after decompression
    FELLESJOURNAL_MAX_ENTRIES  25000      most entries of a batch or transaction
    FELLESJOURNAL_MAX_PAGE     1000       most resources on one page of an API answer
    FELLESJOURNAL_LARGE        2          API requests above 4 MB at work at once, per process
    FELLESJOURNAL_SECONDS      120        longest that one statement of a request may run
    FELLESJOURNAL_MAILBOX      (made)     folder shared with the message service that sends and
                                          receives national messages; absent: ``mailbox`` in
                                          the data folder
    FELLESJOURNAL_DEVELOPMENT  0          1: component gallery at /ui/, detailed error pages
    ========================== ========== ====================================================

    Signing in. Without any issuer, and with FELLESJOURNAL_DEMO=1, a stand-in for both providers
    lets anybody be one of the demo's people; one issuer given, or no demo, and it is gone.

    =================================== ========== ===========================================
    Variable                            Default    Meaning
    =================================== ========== ===========================================
    FELLESJOURNAL_HELSEID_ISSUER        (none)     HelseID's issuer, such as
                                                   ``https://helseid-sts.nhn.no``: staff
    FELLESJOURNAL_HELSEID_CLIENT_ID     (none)     our client there
    FELLESJOURNAL_HELSEID_KEY_FILE      (none)     file with its private key: a JWK, or PEM
    FELLESJOURNAL_IDPORTEN_ISSUER       (none)     ID-porten's issuer, such as
                                                   ``https://idporten.no``: citizens
    FELLESJOURNAL_IDPORTEN_CLIENT_ID    (none)     our client there
    FELLESJOURNAL_IDPORTEN_KEY_FILE     (none)     file with its private key; or a secret:
    FELLESJOURNAL_IDPORTEN_SECRET       (none)     its client secret
    FELLESJOURNAL_IDPORTEN_SECRET_FILE  (none)     file with its client secret
    FELLESJOURNAL_IDLE_MINUTES          30         signed out after so long without a request
    FELLESJOURNAL_SESSION_HOURS         12         longest that a sign-in lasts
    =================================== ========== ===========================================

    Limits and scanning (docs/operators.md says what counts how much). 0: no limit.

    =================================== ========== ===========================================
    Variable                            Default    Meaning
    =================================== ========== ===========================================
    FELLESJOURNAL_RATE_PERSON           6000       cost that a person or client may cause in a
                                                   minute at the API, per process
    FELLESJOURNAL_RATE_BROWSER          1200       the same for one browser at the pages
    FELLESJOURNAL_RATE_ADDRESS          3000       sign-ins begun, and requests to token
                                                   endpoints, per address and minute, per process
    FELLESJOURNAL_SCANNER               (none)     who looks at uploaded files: ``clamd:`` and a
                                                   socket or host:port, or ``command:`` and a path
    FELLESJOURNAL_SCANNER_REQUIRED      1          1: no upload while it can't be asked; 0: taken
    FELLESJOURNAL_VOLUME_FALL           50         how many percent fewer sent, arrived or received
                                                   than on earlier days of the kind alerts
    FELLESJOURNAL_VOLUME_WEEKS          4          how many earlier days of the same kind (other
                                                   Mondays for a Monday) are compared with
    FELLESJOURNAL_PRIVATE_KEY_HOSTS     0          1: clients may keep their public keys at
                                                   addresses of private networks
    =================================== ========== ===========================================
    """

    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    data: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    demo: bool = True
    citizens: int = 1000
    url: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    max_body_mb: int = 80
    max_entries: int = 25_000
    max_page: int = 1000
    large_requests: int = 2
    statement_seconds: int = 120
    development: bool = False
    mailbox: Path | None = None
    helseid_issuer: str | None = None
    helseid_client_id: str | None = None
    helseid_key_file: Path | None = None
    idporten_issuer: str | None = None
    idporten_client_id: str | None = None
    idporten_key_file: Path | None = None
    idporten_secret: str | None = field(default=None, repr=False)
    idle_minutes: int = 30
    session_hours: int = 12
    rate_person: int = 6000
    rate_browser: int = 1200
    rate_address: int = 3000
    scanner: str | None = None
    scanner_required: bool = True
    volume_fall: int = 50
    volume_weeks: int = 4
    private_key_hosts: bool = False

    @property
    def stand_in(self) -> bool:
        """Whether the stand-in for HelseID and ID-porten may be used: in a demo without either."""
        return self.demo and not (self.helseid_issuer or self.idporten_issuer)

    @property
    def base_url(self) -> str:
        """The address of the platform without a trailing slash."""
        if self.url:
            return self.url.rstrip("/")
        host = "localhost" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - told, not listened to
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The settings in ``variables`` (``os.environ`` by default). Raises :class:`BadSetting`."""
    values = os.environ if variables is None else variables
    return Environment(
        database_url=_secret(values, "DATABASE_URL", "DATABASE_URL_FILE"),
        database_owner_url=_secret(values, "DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE"),
        data=Path(values.get("FELLESJOURNAL_DATA") or "var").expanduser().absolute(),
        host=values.get("FELLESJOURNAL_HOST") or "127.0.0.1",
        port=_number(values, "FELLESJOURNAL_PORT", 8000, lowest=0, highest=65535),
        workers=_number(values, "FELLESJOURNAL_WORKERS", 2, lowest=1, highest=256),
        threads=_number(values, "FELLESJOURNAL_THREADS", 4, lowest=1, highest=256),
        demo=_switch(values, "FELLESJOURNAL_DEMO", default=True),
        citizens=_number(values, "FELLESJOURNAL_CITIZENS", 1000, lowest=1, highest=10_000_000),
        url=values.get("FELLESJOURNAL_URL") or None,
        secret_key=_secret(values, "FELLESJOURNAL_SECRET_KEY", "FELLESJOURNAL_SECRET_KEY_FILE"),
        max_body_mb=_number(values, "FELLESJOURNAL_MAX_BODY_MB", 80, lowest=1, highest=900),
        max_entries=_number(
            values, "FELLESJOURNAL_MAX_ENTRIES", 25_000, lowest=1, highest=1_000_000
        ),
        max_page=_number(values, "FELLESJOURNAL_MAX_PAGE", 1000, lowest=1, highest=1000),
        large_requests=_number(values, "FELLESJOURNAL_LARGE", 2, lowest=1, highest=256),
        statement_seconds=_number(values, "FELLESJOURNAL_SECONDS", 120, lowest=1, highest=86_400),
        development=_switch(values, "FELLESJOURNAL_DEVELOPMENT", default=False),
        mailbox=_folder(values, "FELLESJOURNAL_MAILBOX"),
        helseid_issuer=_issuer(values, "FELLESJOURNAL_HELSEID_ISSUER"),
        helseid_client_id=values.get("FELLESJOURNAL_HELSEID_CLIENT_ID") or None,
        helseid_key_file=_file(values, "FELLESJOURNAL_HELSEID_KEY_FILE"),
        idporten_issuer=_issuer(values, "FELLESJOURNAL_IDPORTEN_ISSUER"),
        idporten_client_id=values.get("FELLESJOURNAL_IDPORTEN_CLIENT_ID") or None,
        idporten_key_file=_file(values, "FELLESJOURNAL_IDPORTEN_KEY_FILE"),
        idporten_secret=_secret(
            values, "FELLESJOURNAL_IDPORTEN_SECRET", "FELLESJOURNAL_IDPORTEN_SECRET_FILE"
        ),
        idle_minutes=_number(values, "FELLESJOURNAL_IDLE_MINUTES", 30, lowest=1, highest=1440),
        session_hours=_number(values, "FELLESJOURNAL_SESSION_HOURS", 12, lowest=1, highest=24),
        rate_person=_number(values, "FELLESJOURNAL_RATE_PERSON", 6000, lowest=0, highest=10**9),
        rate_browser=_number(values, "FELLESJOURNAL_RATE_BROWSER", 1200, lowest=0, highest=10**9),
        rate_address=_number(values, "FELLESJOURNAL_RATE_ADDRESS", 3000, lowest=0, highest=10**9),
        scanner=_scanner(values, "FELLESJOURNAL_SCANNER"),
        scanner_required=_switch(values, "FELLESJOURNAL_SCANNER_REQUIRED", default=True),
        volume_fall=_number(values, "FELLESJOURNAL_VOLUME_FALL", 50, lowest=1, highest=100),
        volume_weeks=_number(values, "FELLESJOURNAL_VOLUME_WEEKS", 4, lowest=3, highest=52),
        private_key_hosts=_switch(values, "FELLESJOURNAL_PRIVATE_KEY_HOSTS", default=False),
    )


def _issuer(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name)
    if not text:
        return None
    if not text.startswith("https://"):
        raise BadSetting(f"{name} must begin with https://")
    client, key = name.replace("ISSUER", "CLIENT_ID"), name.replace("ISSUER", "KEY_FILE")
    secret = name.replace("ISSUER", "SECRET")
    proofs = [key] if "HELSEID" in name else [key, secret, f"{secret}_FILE"]
    if not values.get(client) or not any(values.get(proof) for proof in proofs):
        raise BadSetting(f"{name} needs {client} and {' or '.join(proofs)}")
    return text


def _folder(values: Mapping[str, str], name: str) -> Path | None:
    text = values.get(name)
    return Path(text).expanduser().absolute() if text else None


def _file(values: Mapping[str, str], name: str) -> Path | None:
    text = values.get(name)
    if not text:
        return None
    file = Path(text).expanduser().absolute()
    if not file.is_file():
        raise BadSetting(f"{name}: there is no such file")
    return file


def _secret(values: Mapping[str, str], name: str, file_name: str) -> str | None:
    """A secret from the environment or, better, from a file; both would leave open which counts."""
    file = _file(values, file_name)
    if file is None:
        return values.get(name) or None
    if values.get(name):
        raise BadSetting(f"give {name} or {file_name}, not both")
    secret = file.read_text(encoding="utf-8").strip()
    if not secret:
        raise BadSetting(f"{file_name}: the file is empty")
    return secret


def _scanner(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name)
    if not text:
        return None
    kind, _, place = text.partition(":")
    if kind not in {"clamd", "command"} or not place:
        raise BadSetting(f"{name}: give clamd:/socket, clamd:host:port or command:/program")
    if kind == "command" and not os.access(place, os.X_OK):
        raise BadSetting(f"{name}: there is no such program")
    return text


def _number(
    values: Mapping[str, str], name: str, default: int, *, lowest: int, highest: int
) -> int:
    text = values.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        message = f"{name}={text!r}: give a whole number from {lowest} to {highest}"
        raise BadSetting(message)
    return int(text)


def _switch(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = values.get(name)
    if not text:
        return default
    if text not in {"0", "1"}:
        message = f"{name}={text!r}: give 0 or 1"
        raise BadSetting(message)
    return text == "1"


def kept_secret_key(data: Path) -> str:
    """The key in the data folder, made at the first call; readable by its owner only."""
    file = data / "secret-key"
    data.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        fresh = file.with_name(f"secret-key.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as target:
            target.write(secrets.token_urlsafe(64))
        # Atomic, and refuses to replace the key of a faster process.
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text(encoding="ascii").strip()


def database_parameters(url: str) -> dict[str, Any]:
    """Django's NAME, USER, PASSWORD, HOST, PORT and OPTIONS for a ``postgresql://`` address.

    The parameters after ``?`` become connection options (``sslmode=verify-full``); ``host``
    among them may name a socket folder. Raises :class:`BadSetting`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting("DATABASE_URL can't be read as an address") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting("DATABASE_URL must begin with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }
