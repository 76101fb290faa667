# `make up` sets everything up and runs the main job on the lab; `make test` sets everything up and tests it.
SHELL := /bin/bash
BIN := .venv/bin

.PHONY: help setup up down test fast live check bench workflows
help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/ready: requirements.lock pyproject.toml
	python3 -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/clouds: clouds.lock .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r clouds.lock
	@touch $@

setup: .venv/ready  ## the virtual environment, from requirements.lock

up: setup  ## the lab, and the sample stack on it
	$(BIN)/longshore lab up
	$(BIN)/longshore up --stack lab --yes

down: setup  ## remove everything `make up` started
	$(BIN)/longshore lab down

check: setup  ## lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fast: setup .venv/clouds  ## the fast tests, with the SDKs of all clouds, the simulator's own included
	$(BIN)/pytest -q
	@command -v go >/dev/null || { echo "make fast: the simulator's tests need Go (https://go.dev/dl), as its build does"; exit 1; }
	cd lab/toolchain/vcsim && CGO_ENABLED=0 GOFLAGS="-buildvcs=false -mod=readonly" GOWORK=off go test ./...

live: setup .venv/clouds  ## the live tests: real CLI, providers, simulator and engines
	$(BIN)/pytest -q -m live --durations 20 tests/live

bench: setup  ## how long a review of 100, 1,000 and 10,000 steps takes, and its memory
	$(BIN)/python -m tests.bench

workflows: setup  ## lint the GitHub workflows (needs Go)
	go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

test: check fast live  ## set-up, lint, types, fast tier, live tier
	@echo "make test: lint, types, the fast tier and the live tier passed"
