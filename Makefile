# The commands of the house. A newcomer needs two of them: `make demo` and `make test`.

SHELL := /bin/bash
VENV ?= .venv
PORT ?= 8000
export VENV

.PHONY: help demo test check wheel lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

demo:  ## the sample articles in the search page, on http://127.0.0.1:8000 (or PORT=…)
	@.ci/venv
	@exec $(VENV)/bin/kashaf demo --port $(PORT)

test:  ## every test, the browser tests included
	@.ci/venv dev
	@.ci/browser
	@$(VENV)/bin/python -m pytest -q -r s $(ARGS)

check:  ## lint, format, types
	@.ci/venv dev
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy

wheel:  ## the wheel, built, installed in an empty environment and used
	@.ci/venv dev
	@.ci/wheel

# The runtime lock holds the build's own needs too, so that nothing is ever fetched without a hash.
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-options --upgrade

lock:  ## newer versions of every dependency into the lock files
	@.ci/venv dev
	@$(COMPILE) --all-build-deps --output-file requirements.lock pyproject.toml
	@$(VENV)/bin/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' \
		| $(COMPILE) --constraint requirements.lock --output-file requirements-dev.lock -

clean:  ## everything that these commands made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-archive
