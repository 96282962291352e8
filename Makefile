# Every target does its own set-up: only Python >= 3.11 and make are assumed (and Go, where the official engine cannot be downloaded).
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test lint format bench mutants clean lock

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(READY): constraints.txt constraints-uv.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python >= 3.11 found; install one, or name it: make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints-uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes --compile-bytecode -r constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

setup: $(READY)  ## virtual environment, dependencies, the Pulumi engine
	$(BIN)/groundplan engine install

demo: setup  ## the main job on the embedded Azure: up, no change, one change, the SDK, down, up again
	$(BIN)/groundplan demo

test: setup  ## all tests, on every core
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

lint: $(READY)  ## ruff, types, import layering
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

format: $(READY)  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## ratios against peers and baselines, in one run
	$(BIN)/python -m benchmarks

mutants: $(READY)  ## change every rule in every way, and count what its cases notice (20 minutes)
	$(BIN)/python -m tests.policies.mutation

lock: $(READY)  ## pin every dependency again: names, versions, hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --group dev pyproject.toml -o constraints.txt
	$(BIN)/python -c 'import re; text = open("constraints.txt").read(); open("constraints-uv.txt", "w").write(re.search(r"^uv==.*?(?=^\S|\Z)", text, re.M | re.S)[0])'

clean:  ## what the targets made, the embedded Azure included
	@test ! -x $(BIN)/groundplan || $(BIN)/groundplan local stop --quiet || true
	rm -rf $(VENV) .groundplan .pytest_cache .ruff_cache .hypothesis .coverage* .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
