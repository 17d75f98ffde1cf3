# Two commands do all the set-up on a fresh Debian machine with Python 3.11+:
#   make site    environment, install, build; says where the site is
#   make test    environment, browser, all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

.PHONY: site test check golden clean browser tools bench lighthouse firefox torture

site: $(VENV)/installed
	$(BIN)/python build.py

test: $(VENV)/developer browser tools publishing
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto

check: $(VENV)/developer
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto -m "not browser and not slow"

golden: $(VENV)/developer
	$(BIN)/python -m tests.golden_site

clean:
	rm -rf site .dateline .pytest_cache .mypy_cache .ruff_cache .hypothesis

# -- environment ------------------------------------------------------------------------------------------------------
# Debian ships Python without venv: the package that brings it is installed when it is missing.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dateline needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(APT) update -qq && $(APT) install -y -qq python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/developer: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/installed

# What the tests of publishing publish with.
.PHONY: publishing
publishing:
	@command -v rsync >/dev/null && command -v git >/dev/null || { $(APT) update -qq && $(APT) install -y -qq rsync git; }

browser:
	@command -v chromium >/dev/null || { $(APT) update -qq && $(APT) install -y -qq chromium; }

# axe-core, html-validate and the Nu checker come from npm and need Java; node and java from Debian where they are missing.
tools: .tools/installed

.tools/installed: tests/tools.json
	@command -v npm >/dev/null && command -v java >/dev/null || { $(APT) update -qq && $(APT) install -y -qq nodejs npm default-jre-headless; }
	mkdir -p .tools && cp tests/tools.json .tools/package.json
	npm install --prefix .tools --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

# The built site in a second engine, from the disk and over HTTP.
firefox: site tools
	@command -v firefox-esr >/dev/null || { $(APT) update -qq && $(APT) install -y -qq --no-install-recommends firefox-esr; }
	npm install --prefix .tools --ignore-scripts --no-package-lock --no-save --no-audit --no-fund --loglevel=error puppeteer-core@24.43.1
	node benchmarks/firefox.mjs site .tools

# -- measuring ----------------------------------------------------------------------------------------------------------
lighthouse: site browser tools
	npm install --prefix .tools --ignore-scripts --no-package-lock --no-save --no-audit --no-fund --loglevel=error lighthouse@12.8.2
	$(BIN)/python -m benchmarks.lighthouse site
