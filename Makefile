# The command surface: `make test`, `make check`, `make bench`, `make bench-peers`, `make fuzz`, `make docs`. Each sets up what it needs from a bare machine with Rust, Python 3.11 and Node 20.
# TENANTGRAPH_REAL_DATA, where it is set, names a folder of real exports that the tests then read too.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
# Cargo uses every core itself; two of it would only wait for each other.
.NOTPARALLEL:

FEATURES := cli,table,petgraph
# The same for a whole workspace, where a feature names its crate.
ALL_FEATURES := tenantgraph/cli,tenantgraph/table,tenantgraph/petgraph
TARGET := $(CURDIR)/target

.PHONY: test test-rust test-rust-plain test-rust-features test-python test-node check check-rust check-python check-node bench bench-peers bench-instructions fuzz fuzz-build docs clean

test: test-rust test-python test-node

test-rust: test-rust-plain test-rust-features

# As a plain `cargo test` is: it needs neither Python nor Node.
test-rust-plain:
	cargo test --locked --no-fail-fast

# Once more with everything that a feature adds.
test-rust-features:
	cargo test --locked --no-fail-fast --package tenantgraph --features $(FEATURES)
	cargo test --locked --package tenantgraph-tests --features table --test tables

test-python:
	$(MAKE) --directory bindings-python test-python

test-node:
	$(MAKE) --directory bindings-node test-node

check: check-rust check-python check-node

# Without features first: what only a feature makes used must not hide what nothing uses. Not `--all-targets`: that builds the bindings as tests too, which they are not.
check-rust:
	cargo fmt --all --check
	cargo clippy --locked --package tenantgraph -- --deny warnings
	cargo clippy --locked --workspace --lib --bins --tests --examples --bench '*' --features $(ALL_FEATURES) -- --deny warnings

check-python:
	$(MAKE) --directory bindings-python check-python

check-node:
	$(MAKE) --directory bindings-node check-node

# Small estates by default; `make bench SIZE=large` adds those of a million entities, which take minutes and gigabytes.
SIZE ?= small
bench:
	TENANTGRAPH_BENCH_SIZE=$(SIZE) cargo bench --locked --package tenantgraph-benches

# The library and its peers in turn on the same seeded data; what they took is printed, and lies in target/peers with every run. Medium takes half an hour and
# four gigabytes, large needs eighteen. PEERS_FLAGS is for benches/peers/run.py: `--peers scipy tenantgraph --items reach --limit 60`.
PEERS := $(TARGET)/peers
PEERS_PYTHON := benches/peers/.venv/bin/python
bench-peers: benches/peers/.venv/.stamp
	cargo build --locked --release --package tenantgraph-benches --bins
	$(MAKE) --directory bindings-python build-python RELEASE=--release
	$(MAKE) --directory bindings-node build-node BUILD=build
	$(TARGET)/release/arrays $(SIZE) $(PEERS)/$(SIZE)
	$(PEERS_PYTHON) benches/peers/run.py $(SIZE) $(PEERS)/$(SIZE) $(TARGET)/release $(PEERS)/$(SIZE).json $(PEERS_FLAGS)

benches/peers/.venv/.stamp: benches/peers/requirements.txt
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	touch $@

# Instructions of each work item on the small graph, held against benches/instructions.json; `INSTRUCTIONS_FLAGS=--write` writes that anew. Needs valgrind.
bench-instructions:
	cargo build --locked --release --package tenantgraph-benches --bins
	$(TARGET)/release/arrays small $(PEERS)/small
	python3 benches/instructions.py $(PEERS)/small $(TARGET)/release $(INSTRUCTIONS_FLAGS)

# Feeds one reader what nobody would write, for so many minutes: `make fuzz READER=aws MINUTES=10`. What is found lies in target/fuzz/READER/found; give it to
# `target/fuzz/readers FILE` with READER set to see it again. Besides formats: detect, labels, policy, changes, snapshot. Needs a C++ compiler.
READER ?= detect
MINUTES ?= 10
FUZZ := $(TARGET)/fuzz
FUZZ_FLAGS := -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
	-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares
HOST = $(shell rustc -vV | sed -n 's/^host: //p')
fuzz: fuzz-build
	mkdir -p $(FUZZ)/$(READER)/found $(FUZZ)/$(READER)/corpus
	python3 tests/fuzz/seeds.py $(READER) $(FUZZ)/$(READER)/seeds $(FUZZ)/$(READER)/words
	READER=$(READER) $(FUZZ)/readers $(FUZZ)/$(READER)/corpus $(FUZZ)/$(READER)/seeds -dict=$(FUZZ)/$(READER)/words -max_total_time=$$(( $(MINUTES) * 60 )) \
		-timeout=30 -rss_limit_mb=4096 -max_len=400000 -artifact_prefix=$(FUZZ)/$(READER)/found/ -print_final_stats=1

# The host is named so that build scripts go without the flags.
fuzz-build:
	RUSTFLAGS="$(FUZZ_FLAGS)" cargo build --locked --profile fuzz --package tenantgraph-fuzz --features libfuzzer --target $(HOST) --target-dir $(FUZZ)
	cp $(FUZZ)/$(HOST)/fuzz/readers $(FUZZ)/readers

docs:
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --package tenantgraph --features $(FEATURES)
	@echo "open $(TARGET)/doc/tenantgraph/index.html"

clean:
	cargo clean
	rm -rf .venv bindings-node/node_modules benches/peers/.venv
