# One verb per need; `make help` lists them. CI runs `make test`.
SWIFT ?= swift
FLAGS = --explicit-target-dependency-import-check error
RELEASE = -c release --scratch-path .build
TOOL = .build/release/idefics-eval

.PHONY: help bootstrap build demo test check bench format

help: ## list the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort

bootstrap: ## install the Debian packages that are missing
	@tools/bootstrap

build: bootstrap ## build the tool, optimised
	$(SWIFT) build $(RELEASE) $(FLAGS) --product idefics-eval

demo: build ## run VQAv2 with 8 shots on the bundled demo model and data
	$(TOOL) run vqav2 --shots 8
	$(TOOL) table

test: bootstrap ## build and run all tests
	$(SWIFT) build --build-tests $(FLAGS)
	$(SWIFT) test --skip-build

check: test ## tests, formatting, house rules, optimised parity, benchmark smoke
	tools/check
	$(SWIFT) test $(RELEASE) --filter 'KernelTests|ParityTests'
	$(SWIFT) build $(RELEASE) $(FLAGS) --product benchmarks
	.build/release/benchmarks --smoke

bench: bootstrap ## measure: kernels, engine, harness, start-up
	$(SWIFT) build $(RELEASE) $(FLAGS) --product benchmarks
	$(SWIFT) build $(RELEASE) $(FLAGS) --product idefics-eval
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE .build/release/benchmarks

format: ## format the Swift sources
	$(SWIFT) format -i --recursive Package.swift Sources Tests Benchmarks
