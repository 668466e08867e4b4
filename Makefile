# Everything here is one plain command, or a script in scripts/ when it takes more.

GOLANGCI_LINT_VERSION := v2.12.0
FUZZTIME ?= 10000x

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# With DATABASE_URL the server uses that PostgreSQL, and needs none of its own.
.PHONY: run
run: ## Install what is missing, then start the server on 127.0.0.1:8080
	@./scripts/need.sh go $(if $(DATABASE_URL),,postgres)
	go run ./cmd/server

# Also with TEST_DATABASE_URL: internal/pglocal's tests need PostgreSQL's programs.
.PHONY: test
test: ## Install what is missing, then run the tests
	@./scripts/need.sh go postgres chromium
	go test -timeout 40m ./...

# internal/web/browsertest tries the pages in a real browser.
.PHONY: browser-test
browser-test: ## Try the pages in Chromium alone
	@./scripts/need.sh go postgres chromium
	go test -count=1 -timeout 40m ./internal/web/browsertest

SCREENSHOTS ?= bin/screenshots
.PHONY: screenshots
screenshots: ## Save a picture of each page (SCREENSHOTS=bin/screenshots)
	@./scripts/need.sh go postgres chromium
	SCREENSHOTS=$(abspath $(SCREENSHOTS)) go test -count=1 -timeout 40m -run TestScreenshots ./internal/web/browsertest

# The font and the accessibility checker, as the lock file pins them; both are committed.
.PHONY: web-assets
web-assets: ## Fetch the pages' assets from npm again
	cd tools/web-assets && npm ci
	cp tools/web-assets/node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2 internal/web/assets/inter.woff2
	gzip -9nc tools/web-assets/node_modules/axe-core/axe.min.js > internal/web/browsertest/axe.min.js.gz

.PHONY: race
race: ## Run the short tests under the race detector, except those in a browser
	@./scripts/need.sh go postgres cc
	CGO_ENABLED=1 go test -race -short -timeout 40m $$(go list ./... | grep -v /browsertest)

# One cache for each checkout: the usual one, shared by all, reports what it found in one
# checkout for another, with the paths of the first, where no nolint comment applies.
export GOLANGCI_LINT_CACHE := $(CURDIR)/bin/golangci-lint-cache

.PHONY: lint
lint: vet-sql ## Run golangci-lint, and check that queries, schema and generated code agree
	@lint=$$(./scripts/golangci-lint.sh $(GOLANGCI_LINT_VERSION)) && \
		echo "$$lint run" && "$$lint" run
	go tool sqlc diff

# The document is the golden that a test holds equal to what the API serves.
.PHONY: lint-openapi
lint-openapi: ## Lint the OpenAPI document (installs the linter the first time)
	@./scripts/need.sh node
	@./scripts/lint-openapi.sh

# sqlc's db-prepare rule asks a real, migrated database about every query.
.PHONY: vet-sql
vet-sql: ## Run sqlc vet against a migrated PostgreSQL of its own
	@./scripts/need.sh go postgres
	go run ./internal/ledgertest/cmd/sqlvet

.PHONY: fmt
fmt: ## Format the code as the linter wants it
	@lint=$$(./scripts/golangci-lint.sh $(GOLANGCI_LINT_VERSION)) && "$$lint" fmt

.PHONY: generate
generate: ## Rewrite the generated code
	go generate ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target with 10,000 inputs (FUZZTIME=1m for a minute each)
	@./scripts/need.sh go postgres
	@./scripts/fuzz.sh $(FUZZTIME)

# What they measure and how to read it: docs/performance.md. The databases stay
# in bench/data, or where PostgreSQL's own user can reach them, for the next run.
.PHONY: bench
bench: ## Measure it beside pgbench (SCALE=10000 for a quick run; the default is a million incidents)
	@./scripts/need.sh go postgres pgbench wrk
	go run ./tools/bench run

# The documents are those of ../shared; what is measured: docs/exchange.md.
.PHONY: bench-import
bench-import: ## Measure imports and exports beside COPY (SCALE=20000 for a quick run; the default is 200,000 documents)
	@./scripts/need.sh go postgres
	go run ./tools/benchimport

# PostGraphile comes from npm, as the lock file pins it, with a Node.js of its own.
.PHONY: bench-peers
bench-peers: ## Measure it beside PostGraphile 5 and Flask with SQLAlchemy (SCALE=10000)
	@./scripts/need.sh go postgres pgbench wrk node flask
	cd tools/bench/peers && npm ci --no-audit --no-fund
	go run ./tools/bench peers

.PHONY: profile
profile: ## Take CPU and heap profiles of the server under load, into bench/profiles (SCALE=10000)
	@./scripts/need.sh go postgres pgbench wrk
	go run ./tools/bench profile

.PHONY: clean
clean: ## Remove what was built; ./.data, the private database, stays
	rm -rf bin dist
