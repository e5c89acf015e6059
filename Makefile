# Needs Python 3.10 or newer, make and the package registries; everything else is installed below this folder.
#   make synth [ARGS="-c proxy=true"]   synthesize the example app and print its connection budget
#   make test                           check and the whole test suite
#   make storm                          rehearse a deployment on a real PostgreSQL, with a budget and without
#   make check                          format, lint, types, import contracts
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
# The tools below belong to .venv, whatever is active in the caller's shell.
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

.DEFAULT_GOAL := synth
.PHONY: synth test storm check format lock benchmark clean

synth: node_modules/.installed
	cdk synth $(ARGS)

test: check node_modules/.installed
	pytest -n 2 $(ARGS)

storm: .venv/.installed
	python -m storm $(ARGS)

check: .venv/.installed
	ruff format --check .
	ruff check .
	mypy
	lint-imports

format: .venv/.installed
	ruff format .
	ruff check --fix .

benchmark: node_modules/.installed
	python benchmarks/plan.py
	python benchmarks/template.py
	python benchmarks/synth.py
	python benchmarks/pools.py

# The pins of requirements.txt, for every Python the project supports.
lock: .venv/.installed
	pip install --quiet uv
	uv pip compile --quiet --upgrade --universal --python-version 3.10 --fork-strategy requires-python \
	    --no-emit-index-url --no-header --group dev pyproject.toml --output-file requirements.txt
	printf '%s\n' '-e .' >> requirements.txt

clean:
	rm -rf .venv node_modules cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed, got " + sys.version.split()[0] + "; try: make PYTHON=python3.12")'
	@echo "Installing into .venv: a minute or two, once."
	$(PYTHON) -m venv .venv
	python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

# A lock file without addresses: npm takes the package from whichever registry it is set up for.
node_modules/.installed: package-lock.json .venv/.installed
	npm ci --loglevel error --no-audit --no-fund
	touch $@
