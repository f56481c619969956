# Everything one does with OK. The virtual environment and the services are made where they are missing.

# A distribution compiles its Python with a profile of real programs; one that pyenv compiled is a tenth slower here.
DISTRIBUTED := /usr/bin/python3.11
PYTHON ?= $(shell $(DISTRIBUTED) -c "import ensurepip" 2>/dev/null && echo $(DISTRIBUTED) || echo python3)
BIN := .venv/bin
SETUP := $(PYTHON) -m okplatform.local.setup

.DEFAULT_GOAL := help
.PHONY: help setup setup-run setup-tests run check test test-long bench format openapi lock sdk

help: ## list what one can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what OK and all its commands need
	@$(SETUP) commands

setup-run:
	@$(SETUP) run

setup-tests: ## install what checks, tests and benches need besides
	@$(SETUP) tests

run: setup-run ## start OK, with everything it needs, and print where it is (PORT=8000)
	@setpriv --pdeathsig TERM $(BIN)/python -m okplatform.local.run

check: setup-tests ## format, lint, types, architecture, migrations, templates, API contract
	@$(BIN)/python -m tests.architecture.check

# What takes longest is begun first, and each process asks for one test at a time: they end together.
# Playwright leaves an event loop running in its process: the browser tests have their own.
test: setup-tests ## every test but the long ones
	@$(BIN)/pytest -n 2 --maxschedchunk 1 -m "not long and not browser"
	@$(BIN)/pytest -n 2 --maxschedchunk 1 -m "not long and browser"

test-long: setup-tests ## every test, with those that take minutes
	@$(BIN)/pytest -n 2 --maxschedchunk 1 -m "not browser"
	@$(BIN)/pytest -n 2 --maxschedchunk 1 -m "browser"

bench: setup-tests ## measure sale and ledger against PostgreSQL's own yardstick, reconciliation against the truth, the engine on real baskets, pages by Lighthouse
	@$(BIN)/python manage.py bench sale --seconds 20
	@$(BIN)/python manage.py bench ledger
	@$(BIN)/python manage.py bench reconcile
	@$(BIN)/python manage.py bench loyalty
	@$(BIN)/python manage.py bench pages

format: setup-tests ## write code and templates as the gates want them
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat templates

openapi: setup-tests ## write the API contract, docs/openapi.yaml, and docs/errors.md from the code
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml
	@$(BIN)/python manage.py write_api_errors

sdk: setup-tests ## write the types of the till kits, Python and TypeScript, from docs/openapi.yaml
	@$(BIN)/python sdk/generate.py

lock: setup-tests ## lock the newest versions that requirements/*.in and package.json allow
	@for name in base local data dev; do \
		$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
			--output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done
	@npm install --package-lock-only --ignore-scripts
