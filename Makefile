# Two commands matter: `make demo` and `make test`. Each sets up all it needs in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ASSETS := $(VENV)/.assets
FRONT  := src/xiezhi/web/kit/frontend
PAGES  := src/xiezhi/web tests/web/kit/sample_templates
# Biome reads scripts and styles (biome.jsonc). It is a program of its own for each kind of machine; npm brought the one that runs here.
BIOME  := sh -c 'for one in $(FRONT)/node_modules/@biomejs/cli-*/biome; do "$$one" --version >/dev/null 2>&1 && exec "$$one" "$$@"; done; \
	echo "NO BIOME for this machine: scripts and styles were NOT checked. Remove $(FRONT)/node_modules and run $(BIN)/python -m xiezhi.web.kit.assets" >&2; \
	exit 1' biome
PERSONS ?= 5000

.PHONY: demo test quick browser check format lock bench clean help

help:
	@echo "make demo   build a small city, receive its data, run the models, show the hits"
	@echo "make test   everything a change must pass"
	@echo "make check  the fast half of it: format, types, layers, content"
	@echo "make quick  the tests nearest to what differs from the last commit, in under a minute (BASE=main: from a branch)"
	@echo "make bench  the ratios of the README, measured here"

demo: $(ASSETS)
	@$(BIN)/xiezhi demo --persons $(PERSONS)

# What every change must pass. Kills without end, planted omissions and speed are measured in benchmarks/, not here.
# The browser has an event loop of its own, in which Django refuses to work: its tests run apart.
test: check $(ASSETS) browser
	$(BIN)/python -m pytest -n 4 --dist worksteal --ignore=tests/browser
	$(BIN)/python -m pytest -n 2 tests/browser

# Browser tests need an installed Chromium: Debian's package where we may install it, else they are skipped, loudly.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		  echo "Installing Debian's chromium and a Chinese font for the browser tests ..." && \
		  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || \
		{ echo "NO CHROMIUM: the browser tests will be skipped. Install it: apt-get install chromium fonts-noto-cjk"; \
		  test "$$XIEZHI_BROWSER" != required; }

quick: $(STAMP) $(ASSETS)
	@$(BIN)/python -m benchmarks.quick $(BASE)

check: $(STAMP) $(ASSETS)
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	XIEZHI_HOME=$(VENV)/home $(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/xiezhi contracts check
	$(BIN)/xiezhi rules lint
	XIEZHI_HOME=$(VENV)/home $(BIN)/xiezhi processes check
	$(BIN)/xiezhi rules lock --check
	$(BIN)/djlint --check $(PAGES)
	@$(BIOME) check --error-on-warnings

format: $(STAMP) $(ASSETS)
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks
	-$(BIN)/djlint --reformat --quiet $(PAGES)
	@$(BIOME) check --write

bench: $(STAMP)
	$(BIN)/xiezhi bench

# The installed set is exactly the lock's; --require-hashes refuses anything else.
$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "xiezhi needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements into $(VENV) (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# Browser libraries from npm (only the files we serve), and the English texts compiled.
$(ASSETS): $(STAMP) $(FRONT)/package-lock.json $(wildcard src/xiezhi/web/*/locale/en/LC_MESSAGES/django.po)
	@$(BIN)/python -m xiezhi.web.kit.assets
	@$(BIN)/python -m xiezhi.web.kit.messages
	@touch $(ASSETS)

lock:
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --extra dev --extra web requirements/build.in --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links -o requirements/dev.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml -c requirements/dev.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links -o requirements/core.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --extra web --extra ldap -c requirements/dev.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links -o requirements/site.lock

clean:
	rm -rf $(VENV) demo bench build dist $(FRONT)/node_modules
