# Every step that a person or a machine takes with Hearth. `make help` lists them.
# CONFIGURATION=release builds and runs optimised programs; a variable of .env given here wins (make run HEARTH_GATEWAY_PORT=9090).

CONFIGURATION ?= debug
export CONFIGURATION
MAKEFLAGS += --no-print-directory
LOCAL := deploy/local

.DEFAULT_GOAL := help
.PHONY: help packages run stop status logs env clean demo build test eval-homes eval-readers bench chaos soak format lint compose-check migrate rollback schemas hearthctl

help: ## lists what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages: ## installs the Debian packages that are missing
	@$(LOCAL)/packages.sh

run: ## installs, builds, starts everything, and says how to use it (COPIES=2 for two of every service)
	@$(LOCAL)/hearth.sh run

stop: ## stops what `make run` started
	@$(LOCAL)/hearth.sh stop

status: ## tells what runs
	@$(LOCAL)/hearth.sh status

logs: ## shows the last lines of every log (SERVICE=auth for one, FOLLOW=1 to follow)
	@$(LOCAL)/hearth.sh logs

env: ## prints every URL and port as shell assignments: eval "$(make env)"
	@$(LOCAL)/hearth.sh env

clean: ## stops everything and forgets its data
	@$(LOCAL)/hearth.sh clean

demo: ## walks one listing from a provider's page to a person's inbox
	@$(LOCAL)/tool.sh hearth-demo

build: ## builds every program
	@bash -c 'source $(LOCAL)/lib.sh && build -c $(CONFIGURATION)'

test: ## starts what the tests need, runs every test and check, stops it again (FILTER=AuthTests for some)
	@$(LOCAL)/test.sh

eval-homes: ## prints how well listings of the same flat are found, on labelled pairs of real ones
	@HEARTH_EVALUATE=homes FILTER=HomeEvaluationTests $(LOCAL)/test.sh

eval-readers: ## measures the readers of listing pages on real ones, by labels made by hand (HEARTH_REAL_DATA names their folder)
	@bash -c 'source $(LOCAL)/lib.sh && build --build-tests && swift test --skip-build --disable-xctest --filter ScraperTests.ReaderEvaluationTests'

bench: ## prints the table of benchmarks
	@$(LOCAL)/bench.sh

chaos: ## kills every service and server while COUNT listings flow (1000), and settles the account
	@$(LOCAL)/chaos.sh faults --count $(or $(COUNT),1000)

soak: ## holds a steady mixed load for MINUTES (10), and fails unless memory, descriptors, connections and lag are flat
	@$(LOCAL)/chaos.sh soak --minutes $(or $(MINUTES),10)

format: ## formats every Swift file
	swift format --in-place --parallel --recursive Package.swift Services Shared Tests deploy

lint: ## checks format, imports and scripts
	@deploy/lint.sh

compose-check: ## checks docker-compose.yml and that it agrees with the local scripts
	@deploy/compose-check.sh

migrate: ## brings every schema of the running system up to date
	@$(LOCAL)/hearth.sh hearthctl migrate

rollback: ## takes the last migration of one schema back: make rollback SERVICE=catalog STEPS=1
	@$(LOCAL)/hearth.sh hearthctl rollback $(SERVICE) --steps $(or $(STEPS),1)

schemas: ## tells which migrations each schema has
	@$(LOCAL)/hearth.sh hearthctl status

hearthctl: ## runs the operator's tool: make hearthctl ARGUMENTS="dead-letters list catalog"
	@$(LOCAL)/hearth.sh hearthctl $(ARGUMENTS)
