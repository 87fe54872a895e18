# The two commands that matter are `make run` and `make test`; both set up first what they need.
# PYTHON names another interpreter (3.11 or later); HOST and PORT choose where `make run` serves.

PYTHON ?= python3
export HOST PORT CHROMIUM SOAK_SCALE SIZE ONLY LOAD

.DEFAULT_GOAL := help
.PHONY: help run test soak bench check fix lock screenshots clean

help:
	@echo "make run    set everything up and serve the portal with its demo"
	@echo "make test   set everything up and run every test, on SQLite and on PostgreSQL"
	@echo "make soak   race, kill and tamper at full length, on both databases; takes hours (SOAK_SCALE=0.1 a tenth)"
	@echo "make bench  measure what things cost, and write docs/performance.md (SIZE=\"S L\", ONLY=Pages: see there)"
	@echo "make check  lint, migrations, deployment settings, lock files, known vulnerabilities"
	@echo "make fix    format the code and mend what the linter can"
	@echo "make lock   write the lock files anew from pyproject.toml and package.json"
	@echo "make screenshots  take the README's pictures anew"
	@echo "make clean  remove everything that these made, the demo database included"

run:
	@$(PYTHON) bin/setup run
	@exec .venv/bin/python bin/serve

test:
	@$(PYTHON) bin/setup test
	@exec .venv/bin/python bin/test

soak:
	@$(PYTHON) bin/setup test
	@exec .venv/bin/python bin/soak

bench:
	@$(PYTHON) bin/setup test
	@exec .venv/bin/python -m tests.bench

check:
	@$(PYTHON) bin/setup test
	@exec .venv/bin/python bin/check

fix:
	@$(PYTHON) bin/setup test
	@.venv/bin/ruff check --fix --quiet; .venv/bin/ruff format --quiet

lock:
	@$(PYTHON) bin/setup test
	@bin/lock

screenshots:
	@$(PYTHON) bin/setup test
	@.venv/bin/pytest -q tests/functional/screenshots.py

clean:
	rm -rf .venv node_modules var
