"""Private keys from files."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.identity.keys import BadKey, kept_key, read_key
from fellesjournal.access.identity.proofs import algorithm_of


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (RSAKey.generate_key(2048), "PS256"),
        (RSAKey.generate_key(2048, {"alg": "RS256"}), "RS256"),
    ],
)
def test_key_is_read_as_jwk_and_signs_as_its_kind_does(
    tmp_path: Path, key: ECKey | RSAKey, algorithm: str
) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(key.as_dict(private=True)))
    read = read_key(file)
    assert read.thumbprint() == key.thumbprint()
    assert algorithm_of(read) == algorithm
    assert read.kid


@pytest.mark.parametrize("key", [ECKey.generate_key("P-256"), RSAKey.generate_key(2048)])
def test_key_is_read_as_pem(tmp_path: Path, key: ECKey | RSAKey) -> None:
    file = tmp_path / "key"
    file.write_bytes(key.as_pem(private=True))
    assert read_key(file).thumbprint() == key.thumbprint()


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "[]", "secret", json.dumps({"kty": "oct", "k": "c2VjcmV0" * 8})]
)
def test_file_without_a_private_key_is_refused_without_telling_its_content(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "key"
    file.write_text(text)
    with pytest.raises(BadKey) as caught:
        read_key(file)
    assert "secret" not in str(caught.value)


def test_public_key_is_not_taken_for_a_private_one(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(ECKey.generate_key("P-256").as_dict(private=False)))
    with pytest.raises(BadKey):
        read_key(file)


def test_kept_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "key.json"
    first = kept_key(file, lambda: ECKey.generate_key("P-256"))
    assert kept_key(file, lambda: ECKey.generate_key("P-256")).thumbprint() == first.thumbprint()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_threads_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    file, together = tmp_path / "key.json", Barrier(8, timeout=30)

    def make() -> ECKey:
        together.wait()
        return ECKey.generate_key("P-256")

    with ThreadPoolExecutor(8) as threads:
        made = threads.map(lambda _: kept_key(file, make), range(8))
        assert len({key.thumbprint() for key in made}) == 1
    assert list(tmp_path.iterdir()) == [file]
