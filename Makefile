# Every target sets up what it needs on a machine that has Python 3.11 or later, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ROOMS := access alerts assistant cli console database detection errors flows incidents mentions playbooks reports sentiment services settings simulation sources topics voices
# Three workers on two cores, because many tests wait; tests that share one Prefect server or browser stay on one worker (--dist loadgroup).
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadgroup

.PHONY: setup dev browser demo run serve test soak check bench format lock clean

setup: $(VENV)/.runtime

$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV) ..."
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

dev: $(VENV)/.dev

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the locked development packages ..."
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

browser: dev
	@$(BIN)/python tests/browser_setup.py

demo: setup
	@$(BIN)/groundswell demo $(DEMO)

run: setup
	@$(BIN)/groundswell serve $(SERVE)

# Databases of tests wait for the disk at every turn; a disk in memory that has a gigabyte of room spares them that.
IN_MEMORY := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 { print ($$4 > 1000000) }')
test soak: export TMPDIR ?= $(if $(filter 1,$(IN_MEMORY)),/dev/shm,/tmp)

test: dev browser
	$(PYTEST) tests $(TESTS)

soak: dev browser
	$(PYTEST) -m soak tests $(TESTS)

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS) tests benchmarks
	$(BIN)/lint-imports --no-cache

bench: dev
	@for script in benchmarks/bench_*.py; do echo "== $$script"; BENCH_MENTIONS=50000 $(BIN)/python $$script || exit 1; done

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs uv (`pip install uv`). The locks carry hashes for every platform and no index address.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --quiet
lock:
	$(LOCK) --group build -o requirements.lock
	$(LOCK) --group build --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
