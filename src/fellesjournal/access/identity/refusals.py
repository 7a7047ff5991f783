"""Why a sign-in was refused."""

from __future__ import annotations


class SignInRefused(Exception):
    """Somebody may not sign in this way. ``code`` names the rule, for the log and for tests.

    The message never holds a person number, a code or a token.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ProviderUnavailable(SignInRefused):
    """The provider could not be reached, or answered what nobody can use."""

    def __init__(self, message: str) -> None:
        super().__init__("provider-unavailable", message)
