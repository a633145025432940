# Everything a person or a machine does here, by name. `make` alone lists it.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PO := $(wildcard src/meervoud/locale/*/LC_MESSAGES/*.po)
DEMO ?= build/demo
PORT ?= 8741

.PHONY: help demo test test-fast check format lint types borders messages bench hammer lock clean

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

define install
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Meervoud needs Python 3.11 or newer; name one with PYTHON=..."; exit 1; }
	if command -v uv >/dev/null 2>&1; then
	  test -x $(BIN)/python || uv venv -q --python $(PYTHON) .venv
	  uv pip install -q --python $(BIN)/python --require-hashes -r $(1)
	  uv pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .
	else
	  test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	  $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(1)
	  $(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	fi
endef

.venv/.run: requirements.txt pyproject.toml hatch_build.py $(PO)
	@$(call install,requirements.txt)
	touch $@

.venv/.dev: requirements-dev.txt pyproject.toml hatch_build.py $(PO)
	@$(call install,requirements-dev.txt)
	touch $@ .venv/.run

demo: .venv/.run ## the made-up demo city, matched and served on 127.0.0.1:8741 (SIZE=large: 10,000 spaces)
	@export MEERVOUD_DATA=$(DEMO)
	$(BIN)/meervoud web migrate -v 0
	$(BIN)/meervoud web createcachetable
	$(BIN)/meervoud web load_demo $(if $(filter large,$(SIZE)),--spaces 10000)
	echo "Open http://127.0.0.1:$(PORT)/ - stop with Ctrl-C"
	exec $(BIN)/meervoud web serve --port $(PORT)

test: .venv/.dev ## the whole suite
	@$(BIN)/pytest -n 2 --dist load --maxschedchunk 4 --cov --cov-report=term
	$(BIN)/python -m tests.on_postgres -n 2 --dist load --maxschedchunk 4 -q tests/rooms tests/journeys/test_usage_journey.py

test-fast: .venv/.dev ## what takes under a minute
	@$(BIN)/pytest -n 2 -q -m "not slow and not browser and not postgres"

check: format lint borders types ## format, lint, borders between rooms, types

format: .venv/.dev ## is everything formatted?
	@$(BIN)/ruff format --check .

lint: .venv/.dev ## ruff
	@$(BIN)/ruff check .

borders: .venv/.dev ## which room imports which
	@$(BIN)/lint-imports

types: .venv/.dev ## mypy strict everywhere, pyright strict on core
	@$(BIN)/mypy
	$(BIN)/basedpyright

messages: .venv/.dev ## add new sentences to the translations, drop old ones, compile
	@$(BIN)/python -m tests.contract.catalogue

bench: .venv/.dev ## every benchmark, as JSON
	@for file in bench/bench_*.py; do $(BIN)/python $$file; done

hammer: .venv/.dev ## 100,000 attempts at once and 200 kills per database: is time taken twice, is anything lost? (about an hour)
	@$(BIN)/python bench/hammer.py --attempts 100000 --cycles 200

lock: ## compile the requirement files anew (needs uv)
	@for name in requirements requirements-dev; do
	  uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 $$name.in -o $$name.txt
	done

clean: ## remove what was made here
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
