"""A backend service: no user, its own key, one registered purpose.

It signs an assertion (RFC 7523), gets a token for five minutes, and counts measurements.

    python examples/backend-service/service.py keys service-key.json
    # register the public set that this prints, then:
    python examples/backend-service/service.py count service-key.json CLIENT_ID http://127.0.0.1:8000/fhir

Register it as a service with a key, a purpose, and the scopes of SCOPE below.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

SCOPE = "system/Observation.rs"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def make_keys(file: Path) -> str:
    """Write a new private key that only its owner can read; answers the public set."""
    key = ECKey.generate_key("P-384", auto_kid=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        json.dump({**key.as_dict(private=True), "kid": key.kid}, target)
    return json.dumps({"keys": [{**key.as_dict(private=False), "kid": key.kid, "use": "sig"}]})


def token_for(client_id: str, key: ECKey, fhir: str) -> str:
    """An access token for the scopes of SCOPE. Raises httpx.HTTPStatusError."""
    where = httpx.get(f"{fhir}/.well-known/smart-configuration").raise_for_status().json()
    endpoint = where["token_endpoint"]
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": endpoint,
        "exp": now + 240,
        "jti": str(uuid.uuid4()),
    }
    signed = jwt.encode({"alg": "ES384", "kid": key.kid or ""}, claims, key, ["ES384"])
    form = {
        "grant_type": "client_credentials",
        "scope": SCOPE,
        "client_assertion_type": ASSERTION,
        "client_assertion": signed,
    }
    return str(httpx.post(endpoint, data=form).raise_for_status().json()["access_token"])


def count(client_id: str, key: ECKey, fhir: str) -> int:
    """How many measurements the record holds."""
    headers = {"Authorization": f"Bearer {token_for(client_id, key, fhir)}"}
    answer = httpx.get(f"{fhir}/Observation", params={"_summary": "count"}, headers=headers)
    return int(answer.raise_for_status().json()["total"])


def main() -> None:
    """See the module's text."""
    what, file, *others = sys.argv[1:]
    if what == "keys":
        print(make_keys(Path(file)))
        return
    client_id, fhir = others
    key = ECKey.import_key(json.loads(Path(file).read_text(encoding="utf-8")))
    print(count(client_id, key, fhir.rstrip("/")))


if __name__ == "__main__":
    main()
