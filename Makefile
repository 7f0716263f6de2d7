# make demo    the sample episode as finished clips, in out/
# make test    all tests; a part with: make test PYTEST_ARGS="-q tests/plan"
# make check   lint, types, the arrows between rooms, the docs
# make bench   tables of speed and quality; takes a while
.DEFAULT_GOAL := help
# make format  ruff; docs/commands.md and docs/templates.md written anew
# make pictures   the README's pictures from out/
.PHONY: help demo test check bench format pictures clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?= -q
BENCH_ARGS ?=

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

$(VENV)/.user: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: clipper needs Python 3.11 or newer"; echo "  try: make PYTHON=python3.12"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[base]'
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[base,dev]'
	@touch $@

demo: $(VENV)/.user
	$(BIN)/clipper make assets/sample --out out

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks $(BENCH_ARGS)

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.house.docs --write
	$(BIN)/python -m tests.house.template_page --write

pictures: $(VENV)/.dev
	$(BIN)/python -m tests.house.pictures
	$(BIN)/python -m tests.house.template_sheets

clean:
	rm -rf out .bench .mypy_cache .pytest_cache .ruff_cache
