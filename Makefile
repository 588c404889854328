# The only entry. Every target sets up what it needs; see CONTRIBUTING.md.

BIN := .venv/bin
ARGS ?=
KILLS ?= 200
NO_SERVICES := not integration and not e2e and not faults

.DEFAULT_GOAL := help
.PHONY: help run test test-unit faults lint bench bench-decoding bench-scripts services proto docs lock clean prerequisites-run prerequisites-test prerequisites-bench

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run  ## Run the whole platform on this machine, with a simulated city (ARGS="--help" for more)
	$(BIN)/stadtfunk run $(ARGS)

test: prerequisites-test .venv/.dev  ## Run all tests on real servers, with coverage
	$(BIN)/pytest -m "not faults" --cov --cov-report=term $(ARGS)

test-unit: .venv/.dev  ## Run the tests that need no server
	$(BIN)/pytest -m "$(NO_SERVICES)" $(ARGS)

faults: prerequisites-test .venv/.dev  ## Injure servers and processes for 20 minutes; write docs/reliability.md (KILLS=200)
	STADTFUNK_TEST_KILLS=$(KILLS) STADTFUNK_TEST_FAULTS_TO=docs/reliability.md $(BIN)/pytest -m faults $(ARGS)

lint: .venv/.dev  ## Check style, types, imports, protos and generated code
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python proto/generate.py --check
	$(BIN)/python proto/generate.py --image .venv/api.binpb
	$(BIN)/python -m tools.devices --check
	$(BIN)/buf lint .venv/api.binpb --config proto/buf.yaml --path stadtfunk
	$(BIN)/buf format --diff --exit-code proto

bench: prerequisites-bench .venv/.dev  ## Measure the pipelines, embedded and on real servers, beside Kafka Streams
	$(BIN)/python -m bench $(ARGS)

bench-decoding: .venv/.dev  ## Measure what a frame costs each codec
	$(BIN)/python -m bench.decoding $(ARGS)

bench-scripts: .venv/.dev  ## Measure what a payload costs that a script decodes
	$(BIN)/python -m bench.scripts $(ARGS)

services: prerequisites-test .venv/.dev  ## Serve Kafka, Cassandra and Mosquitto until Ctrl-C
	@$(BIN)/python -m tools.services

proto: .venv/.dev  ## Generate src/stadtfunk/api from proto/
	$(BIN)/buf format --write proto
	$(BIN)/python proto/generate.py

docs: .venv/.dev  ## Write docs/devices.md from the decoders and their vectors
	$(BIN)/python -m tools.devices

# The run lock first, so that the development lock adds to it and changes nothing in it.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url $(ARGS) pyproject.toml
lock: .venv/.dev  ## Lock the dependencies again after a change of pyproject.toml (ARGS=--upgrade for newer ones)
	$(COMPILE) --group build --output-file requirements/run.txt
	$(COMPILE) --group build --group dev --constraint requirements/run.txt --output-file requirements/dev.txt

clean:  ## Remove what these targets made, the environment included; never data
	rm -rf .venv .services dist htmlcov .coverage .coverage.* .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
		.hypothesis
	find src tests proto bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

prerequisites-run:
	@tools/prerequisites.sh run

prerequisites-test: prerequisites-run
	@tools/prerequisites.sh test

prerequisites-bench: prerequisites-test
	@tools/prerequisites.sh bench

# One environment: the development lock adds to the run lock, so either may come first.
.venv/.run: requirements/run.txt pyproject.toml | prerequisites-run
	tools/environment.sh run

.venv/.dev: requirements/dev.txt pyproject.toml | prerequisites-run
	tools/environment.sh dev
