# What a contributor types. `make run` and `make test` need Python 3.11 or newer, make and git, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
PORT ?= 8080
INSTALLED := $(VENV)/installed
INSTALLED_DEV := $(VENV)/installed-dev

.PHONY: run demo test check fix fuzz crash bench bench-ledger bench-votes install install-dev oracles peers screenshots migration lock clean

run: install ## Initialise an instance in ./data if there is none, and serve it on http://localhost:8080
	@test -f $(DATA)/config.toml || $(BIN)/fedcoop init --data $(DATA) --domain localhost:$(PORT) --scheme http
	@$(BIN)/fedcoop serve --data $(DATA) --port $(PORT)

demo: install ## The same with a small co-op in it, in ./demo-data
	@test -f demo-data/config.toml || $(BIN)/fedcoop demo --data demo-data --domain localhost:$(PORT)
	@$(BIN)/fedcoop serve --data demo-data --port $(PORT)

test: install-dev ## All tests, on SQLite and, where one runs, on PostgreSQL
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: install-dev ## Format, lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: install-dev ## Repair what can be repaired by machine
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

FUZZ_SECONDS ?= 3600
fuzz: install-dev ## Damaged documents, signatures and HTML for an hour, or FUZZ_SECONDS
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

CRASH_ROUNDS ?= 200
crash: install-dev ## Servers killed at any moment of what they do, 200 times for each test, or CRASH_ROUNDS
	@FEDCOOP_CRASH_ROUNDS=$(CRASH_ROUNDS) $(BIN)/python -m pytest -n 0 --tb=short tests/crash

bench: install-dev ## Measure; the table is what docs/performance.md shows
	@$(BIN)/python tests/bench/run.py

bench-ledger: install-dev ## Check, prove and append at a million entries
	@$(BIN)/python tests/bench/record.py

bench-votes: install-dev ## Count every kind of vote at ten thousand ballots and more
	@$(BIN)/python tests/bench/votes.py

screenshots: install-dev ## The pictures in docs/images, taken of the demo by Chromium
	@$(BIN)/python -m tests.browser.screenshots

migration: install-dev ## make migration NAME="add a column": a migration from what the schema has and the last has not
	@$(BIN)/python -m fedcoop.db.migrate "$(NAME)"

lock: ## Pin the dependencies anew; needs uv
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra dev pyproject.toml -o requirements-dev.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.lock tests/moderation/oracles.in -o tests/moderation/oracles.lock

oracles: install-dev ## Also install the libraries that counting is compared with (about a gigabyte)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/moderation/oracles.lock

peers: ## Install the clients and servers that others wrote for Node, which some tests meet
	@npm ci --prefix tests/peers --no-audit --no-fund --silent

install: $(INSTALLED)
install-dev: $(INSTALLED_DEV)

$(VENV)/pyvenv.cfg:
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit("fedcoop needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): $(VENV)/pyvenv.cfg requirements.lock
	@echo "Installing pinned dependencies (a minute, the first time) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --progress-bar on --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(INSTALLED_DEV): $(VENV)/pyvenv.cfg requirements-dev.lock
	@echo "Installing pinned dependencies for development (a minute, the first time) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --progress-bar on --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(INSTALLED)

clean: ## Remove what was made, but no data
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
