"""Settings of the test run: the platform's own, on a throw-away data folder.

The folder's name passes to the parallel test processes through the environment, so that all
use one PostgreSQL server; each has a database of its own in it.
"""

from __future__ import annotations

import os
import tempfile

if "FELLESJOURNAL_TEST_DATA" not in os.environ:
    os.environ["FELLESJOURNAL_TEST_DATA"] = tempfile.mkdtemp(prefix="fj-test-")

os.environ["FELLESJOURNAL_DATA"] = os.environ["FELLESJOURNAL_TEST_DATA"]
os.environ["FELLESJOURNAL_SECRET_KEY"] = "only for tests"
# A test run asks for more than people do; tests of the limits make their own.
for _name in ("PERSON", "BROWSER", "ADDRESS"):
    os.environ[f"FELLESJOURNAL_RATE_{_name}"] = "0"
for _name in ("HOST", "PORT", "URL", "DEVELOPMENT", "SCANNER"):
    os.environ.pop(f"FELLESJOURNAL_{_name}", None)
if "FELLESJOURNAL_TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["FELLESJOURNAL_TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

from fellesjournal.config.settings import *  # noqa: E402, F403 - those of the platform, after the environment is set
from fellesjournal.foundation.languages.catalogues import compile_catalogues  # noqa: E402 - after the environment is set

compile_catalogues()

# Tests render pages without collectstatic; the browser tests check the hashed files.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# pytest makes the databases of the test run as their owner; tests/conftest.py then lets every
# connection act as the run-time role.
DATABASES = {"default": DATABASES["owner"]}  # noqa: F405 - of the platform's settings
