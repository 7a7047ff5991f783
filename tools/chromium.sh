#!/bin/sh
# Prints the path of a Chromium for the browser tests, installing one if need be; prints
# nothing when there is none. Order: FELLESJOURNAL_CHROMIUM, PATH, apt-get (root), playwright.
# The headless shell first: it draws pages and no window around them, in half the time.
set -u
cd "$(dirname "$0")/.."

on_path() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

if [ -n "${FELLESJOURNAL_CHROMIUM:-}" ]; then
    printf '%s\n' "$FELLESJOURNAL_CHROMIUM"
    exit 0
fi
on_path && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'Installing chromium with apt-get\n' >&2
    apt-get update -qq >&2
    for package in chromium-headless-shell chromium; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >&2 && on_path && exit 0
    done
fi
printf 'Installing chromium with playwright\n' >&2
.venv/bin/playwright install chromium >&2 || exit 0
.venv/bin/python - <<'PYTHON'
from playwright.sync_api import sync_playwright

with sync_playwright() as browsers:
    print(browsers.chromium.executable_path)
PYTHON
