# `make help` lists what there is. Everything runs in .venv, made here from the locked, hashed requirements.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo admin test test-fast fuzz crash lint package format bench scale snapshot fixtures messages catalogues lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run ## Serve the shipped records on 127.0.0.1:8000 (PORT=… for another; DATABASE_URL for PostgreSQL)
	$(BIN)/python manage.py demo --port $(PORT)

admin: $(VENV)/.run ## Make an administrator for the demo, who then signs in at /desk/
	TRACKER_DEMO=1 $(BIN)/python manage.py migrate --verbosity 0
	TRACKER_DEMO=1 $(BIN)/python manage.py createsuperuser
	@echo "Now sign in at http://127.0.0.1:$(PORT)/desk/ (a telephone with an app for one-time codes is of use)."

test: $(VENV)/.dev ## Run all tests on SQLite and, where PostgreSQL is found, on PostgreSQL
	$(BIN)/python -m tests.run $(ARGS)

test-fast: $(VENV)/.dev ## Run the tests that need no browser, on SQLite only
	$(BIN)/python -m tests.run --fast $(ARGS)

fuzz: $(VENV)/.dev ## Run the property tests with forty times the examples
	TRACKER_FUZZ=40 $(BIN)/python -m tests.run --fast -m hypothesis $(ARGS)

crash: $(VENV)/.dev ## Kill imports, undos and mail runs a hundred times each; nothing may be lost or half-done
	TRACKER_KILLS=100 $(BIN)/python -m tests.run tests/importing/test_killed.py tests/desk/alerts/test_digest_sending.py

lint: $(VENV)/.dev ## Check style, types, templates, migrations, and that what is built is current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.hygiene
	TRACKER_DEMO=1 $(BIN)/mypy .
	TRACKER_DEMO=1 $(BIN)/python manage.py makemigrations --check --dry-run
	TRACKER_DEMO=1 $(BIN)/python manage.py check
	$(BIN)/python manage.py build_fixtures --check
	TRACKER_DEMO=1 $(BIN)/python manage.py build_status_css --check

package: $(VENV)/.dev ## Build the wheel, install it in an environment of its own, and use it from an empty folder
	$(BIN)/python -m tests.package

format: $(VENV)/.dev ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure reading quality, load time and page times with the shipped records
	$(BIN)/python -m tests.bench

scale: $(VENV)/.dev ## Measure pages, exports and imports at 250,000 records (needs PostgreSQL; takes half an hour)
	$(BIN)/python -m tests.bench_size
	$(BIN)/python -m tests.bench_tables

snapshot: $(VENV)/.dev ## Say how to record what the site answers and how it looks, to compare after a large change
	@$(BIN)/python -m tests.snapshot --help

fixtures: $(VENV)/.run ## Build the fixtures from the documents and their curation
	$(BIN)/python manage.py build_fixtures

messages: $(VENV)/.run ## Gather the interface's strings for translators (LOCALE=ru for a new language; needs gettext)
	@mkdir -p recommendations/locale
	TRACKER_DEMO=1 $(BIN)/python manage.py makemessages --add-location file --no-obsolete $(if $(LOCALE),--locale $(LOCALE),--all) \
		--ignore '$(VENV)' --ignore tests --ignore docs

catalogues: $(VENV)/.run ## Compile the translated strings (needs gettext)
	TRACKER_DEMO=1 $(BIN)/python manage.py compilemessages --ignore '$(VENV)'

lock: ## Lock the requirements anew, with hashes and without addresses (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet pyproject.toml --group dev -o requirements-dev.txt

clean: ## Remove the environment and the demo's database
	rm -rf $(VENV) data staticfiles
