# Heard needs Python 3.11 or newer to begin with; everything else is fetched. `make` lists what it does.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test check format train bench clean

# The first Python that starts and is new enough: a pyenv shim may be there and yet refuse.
PYTHONS := python3 python3.13 python3.12 python3.14 python3.11 /usr/bin/python3 \
	/opt/homebrew/bin/python3 /usr/local/bin/python3
PYTHON = $(shell for python in $(PYTHONS); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$python"; break; }; done)
NEEDS_PYTHON = Heard needs Python 3.11 or newer and found none: install it (apt install python3, \
	brew install python, or from your administrator), then run the same command again
python = $(or $(PYTHON),$(error $(NEEDS_PYTHON)))
TEMPLATES = $(wildcard */templates handoff/desks/*/templates)

help: ## List what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Install what Heard needs (into this folder alone)
	@$(python) scripts/setup.py all

run: ## Start Heard: website, chat, bot, agents' desk and review pages
	@$(python) scripts/setup.py all
	@exec .venv/bin/heard run

test: ## Run every test, in both environments
	@$(python) scripts/setup.py all --dev
	@$(python) scripts/setup.py browser
	@.venv/bin/python scripts/run_tests.py

check: ## Format, lint, types, import directions, templates
	@$(python) scripts/setup.py app --dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/mypy --strict scripts
	.venv/bin/lint-imports
	$(if $(TEMPLATES),.venv/bin/djlint --quiet --profile=jinja --lint $(TEMPLATES))

format: ## Put the code into its one shape
	@$(python) scripts/setup.py app --dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

train: ## Train the bot on data/ as it is now
	@$(python) scripts/setup.py all
	@.venv/bin/heard train

bench: ## Measure: make bench NAME=x ARGS="--json"
	@$(python) scripts/bench.py "$(NAME)" $(ARGS)

clean: ## Remove environments, models and caches; the database in var/ stays
	rm -rf .venv bot/.venv .tools var/models
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
