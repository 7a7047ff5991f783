"""Private keys of ours: read from a file, or made once and kept in the data folder."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from fellesjournal.access.identity.providers import PrivateKey


class BadKey(ValueError):
    """A file holds no private key that can be used. The message never holds its content."""


def read_key(file: Path) -> PrivateKey:
    """The private key in a file: a JWK (as HelseID hands out) or PEM. Raises BadKey."""
    text = file.read_text(encoding="utf-8")
    try:
        key = _from_jwk(text) if text.lstrip().startswith("{") else _from_pem(text)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadKey(f"{file} holds no key that can be read") from error
    if not key.is_private:
        raise BadKey(f"{file} holds no private key")
    key.ensure_kid()
    return key


def _from_jwk(text: str) -> PrivateKey:
    key = JWKRegistry.import_key(json.loads(text))
    if not isinstance(key, ECKey | RSAKey | OKPKey):
        raise TypeError("a shared secret is no private key")
    return key


def _from_pem(text: str) -> PrivateKey:
    for kind in (RSAKey, ECKey, OKPKey):
        with suppress(JoseError, ValueError, TypeError):
            return kind.import_key(text)
    raise ValueError("no key of a known kind")


def kept_key(file: Path, make: Callable[[], PrivateKey]) -> PrivateKey:
    """The key in a file, made at the first call; readable by its owner only.

    Processes and threads that start together agree on one: the first to link its file wins.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
        fresh = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8") as target:
            json.dump(make().as_dict(private=True), target)
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return read_key(file)
