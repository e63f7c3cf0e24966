# The doors of the project. `demo` and `test` work alone on a fresh Debian machine with Swift on it.
.DEFAULT_GOAL := help
.PHONY: help setup build build-debug demo test test-swift fuzz sanitize test-r test-e2e test-probes template-test soak lint bench ggplot2-examples image image-test sbom install check

BUILD_FLAGS := -c release --static-swift-stdlib -Xlinker -s -Xlinker --icf=all
RELEASE := .build/release
DEBUG := .build/debug
DEMO := Examples/co2-trend
PYTHON := .venv/bin/python

help: ## Lists the doors
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

setup: ## Installs what is missing: R and its packages, fonts, the tests' tools
	@scripts/setup

build: ## Builds the rampart executable, and the R package beside it
	swift build $(BUILD_FLAGS) --product rampart
	@scripts/install-r-package "$$(realpath $(RELEASE))"

demo: setup build ## Draws a chart of real data
	@$(RELEASE)/rampart run $(DEMO)/script.R --input $(DEMO)/co2.csv --output out/demo

test: setup build test-swift test-r test-e2e test-probes ## Runs every test

# Not a prerequisite of `build`: only the tests of Swift modules want the debug build.
build-debug:
	swift build --build-tests
	@scripts/install-r-package "$$(realpath $(DEBUG))"

test-swift: build-debug
	swift test --skip-build --disable-xctest

# A million inputs to each decoder, on two processors in three minutes; CI gives each half a minute.
FUZZ_FLAGS ?= --iterations 1000000
fuzz: ## Decodes hostile events and reports, a million of each, and heavy reports
	swift build $(BUILD_FLAGS) --product rampart-fuzz
	$(RELEASE)/rampart-fuzz $(FUZZ_FLAGS)

# A quarter of an hour on two processors, for two builds of all in folders of their own.
sanitize: setup ## Runs the tests of Swift and C under sanitizers
	scripts/sanitize package
	scripts/sanitize address
	scripts/sanitize thread

test-r:
	@scripts/check-r
	@LC_ALL=C.UTF-8 NOT_CRAN=true scripts/test-r "$$(realpath $(RELEASE))/r-library"

test-e2e:
	$(PYTHON) -m pytest Tests/EndToEndTests

test-probes:
	$(PYTHON) -m pytest Tests/ProbeTests

# Its tools have an environment of their own: they are large, and only this door wants them.
template-test: ## Lints the SAM template, and holds what it becomes against what it claims
	@scripts/python-environment .venv-template Tests/TemplateTests/requirements.txt
	@scripts/lint-template
	.venv-template/bin/python -m pytest Tests/TemplateTests

# Ten thousand take about a quarter of an hour; CI sends 500.
INVOCATIONS ?= 10000
N ?= 1
# confined or worst, for one world alone.
WORLD ?=
soak: setup build ## Sends thousands of mixed invocations through one runtime, N at once
	@$(PYTHON) Benchmarks/soak --invocations $(INVOCATIONS) --concurrency $(N) $(if $(WORLD),--world $(WORLD))

lint: ## Checks the form of all sources, and is quiet where there is nothing to say
	@scripts/lint

bench: setup build ## Times warm runs against the same scripts in a warm R session
	@$(PYTHON) Benchmarks/run $(BENCH_FLAGS)

ggplot2-examples: setup build ## Compares all of ggplot2's own examples with Rscript: minutes
	@$(PYTHON) Benchmarks/ggplot2-examples --json out/ggplot2-examples.json

image: ## Builds the container image
	@scripts/build-image

image-test: setup ## Runs the image as Lambda would: its contents, the probes, the end-to-end tests
	@scripts/test-image

sbom: ## Lists what the image holds, with versions and licences, in out/sbom.cdx.json
	@mkdir -p out
	@scripts/sbom >out/sbom.cdx.json

# Its own prerequisite is not the build, so that root need not build.
PREFIX ?= /usr/local
install: ## Installs what was built below PREFIX, with a man page and shell completions
	@scripts/install "$$(realpath $(RELEASE))" "$(PREFIX)"

check: lint test template-test ## Everything that must pass before a change lands: half an hour or so
