# Everything one can do here. `make` alone lists it.
.DEFAULT_GOAL := help
VENV := .venv/bin
NPM := tools/npm
PAGE := src/evenhand/app/page/index.html
# Folders are listed too: their times tell when a file was removed.
PAGE_SOURCES := $(shell find web/src web/public web/scripts) $(wildcard web/*.json web/*.ts web/*.html)

# Where it is set, every start compiles twelve hundred modules anew, which takes longer than all the rest.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.PHONY: help run test test-engines test-schema lint format bench bench-serve bench-ranking check-coverage soak picture page api clean

help:  ## list what one can do
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

run: .venv/.run $(PAGE)  ## set everything up and start the arena
	@$(VENV)/evenhand up

test: .venv/.dev $(PAGE)  ## set everything up and run every test
	@tools/test-needs
	@$(VENV)/python tools/test.py

lint: .venv/.dev web/node_modules/.stamp  ## style, types, layers and the generated client
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/lint-imports
	@$(VENV)/evenhand openapi | cmp -s - web/openapi.json || \
		{ echo "The API has changed and its document has not: run make api."; exit 1; }
	$(NPM) run --silent api -- --check
	$(NPM) run --silent lint
	$(NPM) run --silent typecheck

format: .venv/.dev web/node_modules/.stamp  ## put the code into its usual form
	$(VENV)/ruff check --fix
	$(VENV)/ruff format
	$(NPM) run --silent lint -- --write

test-engines: .venv/.dev  ## test the ranking on a local Spark, too (500 MB, needs Java)
	$(VENV)/uv run --isolated --no-project --python 3.11 --with-editable '.[server]' --with pytest,pytest-asyncio,pytest-socket \
		--with hypothesis,'ibis-framework[duckdb]',pyspark \
		python -m pytest -m '' tests/ranking/test_engines.py

bench: .venv/.dev $(PAGE)  ## measure what the claims about speed rest on
	@for name in $(basename $(notdir $(wildcard benchmarks/bench_*.py))); do \
		echo "== $$name"; $(VENV)/python -m benchmarks.$$name || exit 1; done

bench-serve: .venv/.dev $(PAGE)  ## how many battles and votes an arena serves, beside LiteLLM's proxy
	$(VENV)/python -m benchmarks.serve

bench-ranking: .venv/.dev  ## how fast votes become a board, beside other engines
	$(VENV)/python -m benchmarks.ranking

check-coverage: .venv/.dev  ## whether intervals hold the truth, in tens of thousands of small worlds
	$(VENV)/python -m benchmarks.coverage

test-schema: .venv/.dev  ## ask every route thousands of questions, allowed and forbidden (an hour)
	EVENHAND_TEST_SIZES=full $(VENV)/python -m pytest tests/contract/test_schema.py

soak: .venv/.dev $(PAGE)  ## every fault at full size, then two hundred people for an hour
	EVENHAND_TEST_SIZES=full $(VENV)/python -m pytest tests/faults
	$(VENV)/python -m benchmarks.soak

picture: .venv/.dev $(PAGE)  ## take the README's picture of a battle anew, with the real demo models
	EVENHAND_PICTURE=1 $(VENV)/python -m pytest -q tests/browser/test_real_models.py

page: $(PAGE)  ## build the page

api: .venv/.dev web/node_modules/.stamp  ## write the OpenAPI document and the page's client anew
	$(VENV)/evenhand openapi web/openapi.json
	$(NPM) run --silent api

clean:  ## remove the environment and what was built
	rm -rf .venv web/node_modules $(dir $(PAGE)) test-results

.venv/.run: pyproject.toml uv.lock tools/setup
	@tools/setup run

.venv/.dev: pyproject.toml uv.lock tools/setup
	@tools/setup dev

web/node_modules/.stamp: web/package-lock.json | .venv/.node
	@echo "==> Fetching what the page is built from (npm, 170 MB the first time)"
	@$(NPM) ci
	@touch $@

.venv/.node:
	@tools/setup run

$(PAGE): web/node_modules/.stamp $(PAGE_SOURCES)
	@echo "==> Building the page"
	@$(NPM) run --silent build
