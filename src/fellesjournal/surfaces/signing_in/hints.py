"""The id_token kept for signing out at the provider: encrypted, for it holds a person number."""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


def sealed(text: str) -> str:
    """The text, readable with the secret key of this installation only."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()


def opened(text: str) -> str:
    """What was sealed; "" when it can't be read (another secret key, damage)."""
    try:
        raw = base64.b64decode(text)
        return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (ValueError, InvalidTag):
        return ""


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(f"id-token-hint:{settings.SECRET_KEY}".encode()).digest())
