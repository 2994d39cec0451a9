# Two commands are enough: `make demo` opens the station, `make test` passes the tests.
# Needed first: make, Python 3.11 or newer, python3-venv. Everything else comes from the package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate pyproject.toml
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test test-long test-mutation test-system test-ha check bench bench-full lock notice docs catalogs dist clean

$(VENV)/.run: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(PIP) -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run ## the station on the example warehouse
	@$(BIN)/scanstation demo

test: $(VENV)/.dev ## all tests but the long ones
	$(BIN)/python -m pytest -n 4 --dist worksteal # of each on two cores one mostly waits

test-long: $(VENV)/.dev ## those that take minutes; ROUNDS=1000 gives each part of docs/reliability.md so many rounds, MINUTES=5 so much time
	$(BIN)/python -m pytest -m long

test-system: $(VENV)/.dev ## those that need Debian packages beside the index, which .ci/run lists
	$(BIN)/python -m pytest -m system -n 2 --dist worksteal tests/system

test-ha: $(VENV)/.dev ## three servers with failover (docs/scaling.md), killed by turns; ROUNDS=40 kills 20 of each kind
	$(BIN)/python -m pytest -m ha -s tests/ha

test-mutation: $(VENV)/.dev ## is each decision held by a test? MODULES="scanstation.domain.status" for one; by hand, not by CI
	nice $(BIN)/python -m tests.mutation $(MODULES)

check: $(VENV)/.dev ## style, types, arrows between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## docs/performance.md measured again, in less than 15 minutes
	$(BIN)/python -m benchmarks --json bench.json

bench-full: $(VENV)/.dev ## its other rows: millions, forty stations, the peer; takes hours and 25 GB of disk
	$(BIN)/python -m benchmarks --full --json bench-full.json

lock: ## pin anew (needs uv)
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

notice: $(VENV)/.dev ## NOTICE: the packages needed at run time and their licences
	$(BIN)/python -m tests.notice

docs: $(VENV)/.dev ## docs/ as a site, in build/site; a dead link or a page that the menu lacks ends it
	$(BIN)/python -m mkdocs build

catalogs: $(VENV)/.dev ## the languages: what is said now, merged into *.po and compiled; names what is not translated
	$(BIN)/python -m tests.catalogs

SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1580601600)
export SOURCE_DATE_EPOCH
AGAIN := build/again

dist: $(VENV)/.dev ## a wheel and an sdist in dist/; built once more from that sdist they have the same bytes
	rm -rf dist $(AGAIN)
	$(BIN)/python -m hatchling build -d dist
	mkdir -p $(AGAIN)
	tar -xzf dist/*.tar.gz -C $(AGAIN) --strip-components=1
	cd $(AGAIN) && umask 077 && "$(CURDIR)/$(BIN)/python" -m hatchling build -d dist
	for file in dist/*; do cmp "$$file" "$(AGAIN)/$$file" || exit 1; done
	rm -rf $(AGAIN)

clean: ## forget the environment
	rm -rf $(VENV) benchmarks/peer_tryton/.venv
