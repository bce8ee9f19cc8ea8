# The daily commands. On a bare machine python3 (3.11 or newer), make and git are enough.
.DEFAULT_GOAL := help
.PHONY: help run test check bench fuzz translations format installed compiled

TOOLS := .tools
UV := $(TOOLS)/bin/uv
PYTHON := .venv/bin/python
export UV_PYTHON_PREFERENCE ?= only-system
export UV_PYTHON ?= $(shell command -v python3)
# A variable of the caller's shell must not point the environment elsewhere.
unexport VIRTUAL_ENV
unexport PYTHONPATH

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: installed compiled ## install everything and serve the demo on http://127.0.0.1:8000
	@exec $(PYTHON) -m hospes serve --demo

test: installed compiled ## run every test; brings its own PostgreSQL, Redis and browser
	@$(PYTHON) -m tools.run_tests

check: installed compiled ## lint, types, contracts, translations, docs
	@$(PYTHON) -m tools.check_all

bench: installed compiled ## print the figures of docs/performance.md, measured here and now
	@$(PYTHON) -m bench
	@$(PYTHON) -m bench provider
	@$(PYTHON) -m bench waiting
	@$(PYTHON) -m bench app
	@$(PYTHON) -m bench api
	@$(PYTHON) -m bench rights

SECONDS ?= 20
fuzz: installed ## feed every parser hostile bytes, guided by coverage; SECONDS=20 for each
	@$(UV) sync --frozen --quiet --inexact --group fuzz || true # no wheel: Hypothesis does it
	@$(PYTHON) -m tools.fuzz $(SECONDS)

translations: installed ## collect new texts into the catalogues and compile them
	@$(PYTHON) -m tools.translations extract
	@$(PYTHON) -m tools.translations compile

format: installed ## put the code into its one form
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

installed: .venv/.installed

compiled: installed
	@$(PYTHON) -m tools.translations compile

$(UV):
	@python3 tools/bootstrap.py $(TOOLS)

.venv/.installed: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --quiet
	@touch $@
