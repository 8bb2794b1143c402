# Every target works on a fresh clone: it first makes .venv and puts in what it needs.
#   make help lists the targets; PYTHON, VENV, TEXT and WORKERS may be given on the command line.

PYTHON  ?= python3
VENV    ?= .venv
TEXT    ?= README.md
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Numbers are compared to the last bit, and two BLAS threads add in another order than one.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS      := 1
export MKL_NUM_THREADS      := 1
# Pictures go to files, on machines with and without a screen.
export MPLBACKEND := Agg

# The smallest Debian set that compiles what `--format latex` writes.
TEX_PACKAGES := texlive-latex-recommended poppler-utils

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: report test lint interop tex figures docs bench all clean help

report: $(VENV)/.package ## derivations and measurements of rnn and lstm over TEXT, into report/
	$(BIN)/lstmsym report rnn lstm -o report/ --text $(TEXT)

test: lint ## lint, then every test that needs neither torch nor JAX nor TeX
	$(BIN)/pytest -n $(WORKERS)

lint: $(VENV)/.test ## style, types and import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

interop: $(VENV)/.interop tex ## the tests against torch, JAX, ONNX, Keras, Flax and pdflatex
	$(BIN)/pytest -m interop tests

figures: $(VENV)/.package ## run every script of scripts/
	@set -e; for script in $(sort $(wildcard scripts/*.py)); do \
	  echo "$$script"; $(BIN)/python "$$script"; done

docs: $(VENV)/.docs ## build the documentation into docs/_build
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs docs/_build

bench: $(VENV)/.package ## run every benchmark; each asserts its result before it is timed
	@set -e; for bench in $(sort $(wildcard benchmarks/bench_*.py)); do \
	  echo "$$bench"; $(BIN)/python "$$bench"; done

all: test report figures docs ## test, report, figures and docs

clean: ## remove everything that make has made, .venv included
	rm -rf $(VENV) report dist docs/_build .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- environments: one stamp per set of packages, renewed when pyproject.toml changes -----------

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "lstmsym needs Python 3.11 or newer; $(PYTHON) is not." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.package: $(VENV)/.made pyproject.toml
	$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.package
	$(PIP) install --editable '.[test,lint]'
	@touch $@

# torch by itself and before JAX, so that pip has nothing to weigh it against.
$(VENV)/.interop: $(VENV)/.test
	$(PIP) install torch==2.13.0
	$(PIP) install jax jaxlib
	@for package in onnx keras flax; do $(PIP) install $$package \
	  || echo "$$package cannot be installed here; its tests are skipped" >&2; done
	@touch $@

$(VENV)/.docs: $(VENV)/.package
	$(PIP) install --editable '.[docs]'
	@touch $@

tex:
	@if command -v pdflatex >/dev/null && command -v pdftoppm >/dev/null \
	    && kpsewhich mathtools.sty >/dev/null; then exit 0; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive \
	  apt-get install --yes --quiet=2 --no-install-recommends $(TEX_PACKAGES) </dev/null; \
	else \
	  echo "make interop compiles the printed derivations: it needs pdflatex with mathtools," >&2; \
	  echo "and pdftoppm. On Debian: apt-get install $(TEX_PACKAGES)" >&2; exit 1; \
	fi
