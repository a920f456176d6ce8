# Two commands on a fresh machine: `make run` and `make test`. `make` alone lists all of them.

SHELL := /bin/bash
export PATH := $(CURDIR)/.venv/bin:$(PATH)

PYTHON ?= python3
PACKAGES := .venv/installed
CDK := node_modules/installed
SDKS := .venv-sdks/installed
FUZZ := .venv-fuzz/installed
SDK_LOCKS := $(wildcard requirements/sdk-*.txt) tests/sdks/node/package.json tests/sdks/node/package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install sdks run test lint format types imports unit e2e openapi example-cdnow bench fuzz lock clean-local

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(PACKAGES): requirements/dev.txt pyproject.toml
	@$(PYTHON) local/install.py python
	@touch $@

$(CDK): package.json package-lock.json $(PACKAGES)
	@$(PYTHON) local/install.py cdk
	@touch $@

$(SDKS): $(SDK_LOCKS) | $(PACKAGES)
	@$(PYTHON) local/install.py sdks
	@touch $@

$(FUZZ): requirements/fuzz.txt | $(PACKAGES)
	@$(PYTHON) local/install.py fuzz
	@touch $@

install: $(PACKAGES) $(CDK) ## Install everything pinned, into .venv and node_modules

sdks: $(SDKS) ## Install the vendors' SDKs that the tests drive, into .venv-sdks and tests/sdks/node

run: install ## Run Footfall on this machine: PORT=8787, Ctrl-C stops it
	@python -m local

test: lint types imports unit e2e ## Run every check and every test

lint: install ## Check the style of the code
	@ruff check
	@ruff format --check

format: install ## Put the code into its format
	@ruff format
	@ruff check --fix

types: install ## Check the types
	@mypy

imports: install ## Check who may import whom
	@PYTHONPATH=functions:. lint-imports

unit: install ## Run the tests that need no local cloud
	@pytest -m 'not e2e' -n auto --dist worksteal

e2e: install sdks ## Run the tests against a local cloud of their own, the vendors' SDKs among them
	@pytest -m e2e

openapi: install ## Write docs/openapi.json from the contracts
	@python -m openapi

example-cdnow: install ## Import 6,919 real purchases into the running local cloud
	@python -m examples.cdnow

bench: install ## Measure what an event costs, how fast it is, what it survives: MEASURE="bill growth"
	@PYTHONPATH=functions python -m bench $(MEASURE)

fuzz: install $(FUZZ) ## Fuzz the parsers and the running stack: FUZZ_MINUTES=10
	@PYTHONPATH=functions python -m bench fuzzing

lock: install ## Pin and hash the requirements anew, from their .in files
	@for file in requirements/*.in; do \
		uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
			$$file --output-file $${file%.in}.txt; \
	done

clean-local: ## Forget the local cloud: its events, keys and logs
	@$(PYTHON) -m local.clean
