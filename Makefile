# One verb per need; `make help` lists them. CI runs `make test`.
SWIFT ?= swift
FLAGS = --explicit-target-dependency-import-check error
RELEASE = -c release --scratch-path .build
TOOL = .build/release/idefics-eval
BENCH_MODEL = .build/bench/430m

.PHONY: help bootstrap build demo reports test check bench format

help: ## list the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort

bootstrap: ## install the Debian packages that are missing
	@tools/bootstrap

build: bootstrap ## build the tool, optimised
	$(SWIFT) build $(RELEASE) $(FLAGS) --product idefics-eval

demo: build ## run VQAv2 with 8 shots on the bundled demo model and data
	$(TOOL) run vqav2 --shots 8
	$(TOOL) table

reports: build ## run the demo's benchmarks, hold them against their baseline, write reports/
	rm -rf .build/reports
	tools/reports $(TOOL) .build/reports/runs.sqlite reports

test: bootstrap ## build and run all tests
	$(SWIFT) build --build-tests $(FLAGS)
	$(SWIFT) test --skip-build

check: test ## tests, formatting, house rules, optimised parity, coverage, benchmark smoke
	tools/check
	$(SWIFT) test $(RELEASE) --filter 'KernelTests|ParityTests|CoverageTests'
	$(SWIFT) build $(RELEASE) $(FLAGS) --product benchmarks
	.build/release/benchmarks --smoke

bench: bootstrap ## measure: kernels, engine, harness, start-up
	$(SWIFT) build $(RELEASE) $(FLAGS) --product benchmarks
	$(SWIFT) build $(RELEASE) $(FLAGS) --product idefics-eval
	@if python3 -c 'import numpy' 2>/dev/null; then \
	    test -d $(BENCH_MODEL) || { rm -rf $(BENCH_MODEL).part && \
	        python3 tools/checkpoints/random_checkpoint.py $(BENCH_MODEL).part --shape 430m && \
	        mv $(BENCH_MODEL).part $(BENCH_MODEL); }; \
	else \
	    echo "no python3 with numpy: the engine is measured on the demo checkpoint, too small to tell"; \
	fi
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE .build/release/benchmarks \
	    --checkpoint $$(test -d $(BENCH_MODEL) && echo $(BENCH_MODEL) || echo demo/checkpoint)

format: ## format the Swift sources
	$(SWIFT) format -i --recursive Package.swift Sources Tests Benchmarks
