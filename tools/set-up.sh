#!/bin/sh
# Brings a checkout to a state it can run in: .venv from the hashed lock, node_modules from
# package-lock.json. Quick when nothing has changed. Usage: tools/set-up.sh [run|dev]
set -eu
cd "$(dirname "$0")/.."
kind="${1:-run}"

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 \
            && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed (set PYTHON=/path/to/python3)."
    exit 1
}

# One set-up at a time: `make run` and `make test` may start together.
if command -v flock >/dev/null 2>&1 && [ -z "${FELLESJOURNAL_SET_UP_LOCK:-}" ]; then
    FELLESJOURNAL_SET_UP_LOCK=1 exec flock .set-up.lock "$0" "$@"
fi

newer() { [ ! -e "$2" ] || [ "$1" -nt "$2" ]; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python="$(find_python)"
    say "Making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv || {
        say "This Python can't make virtual environments; on Debian: apt-get install python3-venv"
        exit 1
    }
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }

install_lock() {
    if newer "$1" ".venv/.$1.stamp"; then
        say "Installing $1"
        # each module is compiled when it is first used: all of them beforehand take half the time
        pip install --no-compile --require-hashes -r "$1"
        touch ".venv/.$1.stamp"
    fi
}

if [ "$kind" = dev ]; then
    install_lock requirements-dev.lock
    touch .venv/.requirements.lock.stamp # the larger lock holds the smaller one
else
    install_lock requirements.lock
fi

if newer pyproject.toml .venv/.package.stamp; then
    # hatchling is in the lock; an isolated build would fetch it again, unpinned
    pip install --no-deps --no-build-isolation --editable .
    touch .venv/.package.stamp
fi

if newer package-lock.json node_modules/.stamp; then
    if ! command -v npm >/dev/null 2>&1; then
        install_lock requirements-node.lock
        PATH="$PWD/.venv/bin:$PATH"
        export PATH
    fi
    say "Fetching the front-end packages"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    touch node_modules/.stamp
fi
