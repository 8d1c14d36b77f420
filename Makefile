# Proband. `make` alone lists what can be done; `make setup` is all that a fresh copy needs.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test bench validate lint format docs lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv with everything in it, as locked
	@:

# The file .ready is the last thing written. One at a time (flock, where there is one); a .venv that was left half-way
# is thrown away; one that is only out of date is brought up to date. uv where it is present and reaches an index,
# else pip. The project itself is built with what was just installed, so that nothing unlocked is ever fetched.
$(READY): pyproject.toml requirements.lock
	@exec 9>.venv.lock; if command -v flock >/dev/null; then flock 9; fi; \
	if [ -e $(READY) ] && [ -z "$$(find pyproject.toml requirements.lock -newer $(READY))" ]; then exit 0; fi; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Proband needs Python 3.11 or newer; name one: make setup PYTHON=python3.12" >&2; exit 1; }; \
	echo "Setting up $(VENV) (half a minute or more the first time)"; \
	rm -f $(READY); \
	if [ -e $(VENV)/.unfinished ] || ! $(BIN)/python -c '' 2>/dev/null; then rm -rf $(VENV); fi; \
	mkdir -p $(VENV) && touch $(VENV)/.unfinished; \
	if command -v uv >/dev/null && \
	  { [ -x $(BIN)/python ] || uv venv --quiet --allow-existing --python $(PYTHON) $(VENV); } && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation -e .; \
	then :; else \
	  if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	    rm -rf $(VENV) && mkdir -p $(VENV) && touch $(VENV)/.unfinished && $(PYTHON) -m venv $(VENV); fi && \
	  $(BIN)/python -m pip install -qq --no-compile --require-hashes --no-deps -r requirements.lock && \
	  $(BIN)/python -m pip install -qq --no-index --no-deps --no-build-isolation -e . ; \
	fi && rm -f $(VENV)/.unfinished && touch $(READY)

demo: setup  ## a first trial: a blood pump's speed is raised step by step
	$(BIN)/proband run lvad_ramp --out out/lvad_ramp --overwrite

test: setup  ## all tests; ARGS="-n0 -k pump" is passed on to pytest
	$(BIN)/python -m pytest $(ARGS)

bench: setup  ## how fast the laboratory is on this machine
	$(BIN)/proband bench

validate: setup  ## the scoreboard against published numbers
	$(BIN)/proband validate

# pyright needs Node.js; where there is none on the PATH, it fetches one.
lint: setup  ## what a change must pass before it is shown to others
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports

format: setup  ## put imports and lines in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: setup  ## the pages as a site in out/docs, to be read without a server
	$(BIN)/mkdocs build --quiet --strict

lock:  ## choose the versions anew, after a change of the dependencies in pyproject.toml
	@if ! command -v uv >/dev/null && [ ! -x .uv/bin/uv ]; then \
	  $(PYTHON) -m venv .uv && .uv/bin/python -m pip install -qq uv; fi
	@PATH="$$PATH:$(CURDIR)/.uv/bin" uv pip compile pyproject.toml --extra mr --group dev --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --upgrade --quiet \
	  --custom-compile-command "make lock" --output-file requirements.lock
	@if grep -n -i -E 'https?:|index-url' requirements.lock; then echo "requirements.lock names an address" >&2; exit 1; fi

clean:  ## remove caches and built packages; results in out/ and .venv stay
	rm -rf dist build .pytest_cache .hypothesis .benchmarks .ruff_cache .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
