# make demo: set up, and see a breaking change caught on the real contracts.
# make test: set up, and run every test. `make check` adds what CI asks beside them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint types layers check bench docs clean

demo: $(VENV)/.core
	@$(BIN)/python docs/demo.py

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

check: lint types layers test

docs: $(VENV)/.core
	$(BIN)/python -m treaty.report.rule_pages docs/rules
	$(BIN)/python -m treaty.report.governance_pages docs

bench: $(VENV)/.dev
	$(BIN)/python -m bench

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { echo "no virtual environment could be made: on Debian, apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) ..."
	@$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) with everything ..."
	@$(PIP) install --quiet --editable '.[dev]'
	@touch $(VENV)/.core $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
