# The front door. Every target installs what it needs: a virtual environment with uv from PyPI, the locked packages, and
# the system libraries from the distribution where that is allowed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check fix vendor bench bench-peers conformance audit sbom lock

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-13s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml uv.lock
	@test -x $(PY) || python3 -m venv $(VENV) || { echo "Python 3.11 or later with venv is needed: apt-get install python3-venv"; exit 1; }
	@test -x $(VENV)/bin/uv || $(PY) -m pip install --quiet uv
	@VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv sync --quiet --frozen --all-groups --inexact
	@touch $@

demo: $(STAMP) ## the whole platform with an example gemeente, on http://127.0.0.1:8000
	@.ci/system-packages pango
	@exec $(PY) manage.py demo

test: $(STAMP) ## all tests, with a real PostgreSQL, real workers and a real browser
	@.ci/system-packages pango chromium poppler openssl softhsm
	@$(PY) -m pytest -q $(ARGS)

check: $(STAMP) ## style, types, templates, structure, migrations, settings
	@.ci/check

fix: $(STAMP) ## mends what a machine can mend
	@$(VENV)/bin/ruff check --quiet --fix . ; $(VENV)/bin/ruff format --quiet .
	@git ls-files 'templates/*.html' | xargs $(VENV)/bin/djade --target-version 5.2

vendor: $(STAMP) ## fetches the vendored styles, fonts and scripts anew (needs npm)
	@$(PY) frontend/vendor.py

conformance: $(STAMP) ## veraPDF over documents that must pass and documents that must fail (needs Java, installs it)
	@.ci/system-packages pango openssl java
	@DJANGO_SETTINGS_MODULE=thuiswijk.settings $(PY) -m tests.conformance.conformance

bench: $(STAMP) ## what pages and documents cost, as ratios to a minimal Django floor
	@.ci/system-packages pango
	@$(PY) -m benchmarks.run

bench-peers: $(STAMP) ## the same beside pretalx, from its package
	@$(PY) -m benchmarks.peers

audit: $(STAMP) ## known holes in the locked packages (needs the internet; says so where it can't tell)
	@.ci/audit

sbom: $(STAMP) ## the locked packages as a CycloneDX list, in sbom.cdx.json
	@$(VENV)/bin/uv export --quiet --frozen --no-dev --format cyclonedx1.5 --output-file sbom.cdx.json >/dev/null
	@echo "sbom.cdx.json: $$(grep -c '"purl"' sbom.cdx.json) packages"

lock: $(STAMP) ## renews uv.lock
	@$(VENV)/bin/uv lock --upgrade
