# Two commands matter: `make demo` and `make test`. Both install what they need into .venv or .tox.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# Other Pythons that pyenv keeps are tested too, although they are not on the path.
empty  :=
space  := $(empty) $(empty)
export PATH := $(PATH):$(subst $(space),:,$(wildcard $(HOME)/.pyenv/versions/3.1[123].*/bin))

.PHONY: demo test test-long bench lint format pins docs browser clean

demo: $(READY)
	$(BIN)/certify demo

# What waits for servers runs alone; what only needs a Python of its own runs side by side before it.
test: $(READY) browser
	$(BIN)/tox run-parallel --parallel 2 --parallel-no-spinner -e unit,unit-trust,wheel,lint,types
	$(BIN)/tox -e full

test-long: $(READY) browser
	$(BIN)/tox run-parallel --parallel 2 --parallel-no-spinner -e py312,py313
	$(BIN)/tox -e long

bench: $(READY)
	$(BIN)/python -m tests.bench

lint: $(READY)
	$(BIN)/tox -e lint,types

format: $(READY)
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: $(READY)
	$(BIN)/python -m docs.generate

# The browser tests drive Debian's chromium; without it they are skipped, and say so.
browser:
	@sh .ci/browser

$(READY): constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# Needs uv (`pip install uv`); resolves once for every supported Python.
pins:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o constraints.txt

clean:
	rm -rf $(VENV) .tox build dist *.egg-info
