# Everything here is one plain command, or a script in scripts/ when it takes more.

GOLANGCI_LINT_VERSION := v2.12.0
FUZZTIME ?= 10000x

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# With DATABASE_URL the server uses that PostgreSQL, and needs none of its own.
.PHONY: run
run: ## See to what is missing, then start the server on 127.0.0.1:8080
	@./scripts/need.sh go $(if $(DATABASE_URL),,postgres)
	go run ./cmd/server

# With TEST_DATABASE_URL too, internal/pglocal's tests want the programs.
.PHONY: test
test: browser-needs ## See to what is missing, then run the tests
	@./scripts/need.sh go postgres
	go test -timeout 40m ./...

# The pages are tried in a real browser (internal/web/browsertest).
.PHONY: browser-needs
browser-needs: ## Install Chromium where it is missing
	@if [ -n "$$CHROMIUM" ] || command -v chromium chromium-browser google-chrome >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "+ apt-get update && apt-get install -y --no-install-recommends chromium" >&2; \
		apt-get update >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium >&2; \
	elif [ "$$(id -u)" = 0 ] && command -v dnf >/dev/null 2>&1; then echo "+ dnf install -y chromium" >&2; dnf install -y chromium >&2; \
	elif [ "$$(id -u)" = 0 ] && command -v apk >/dev/null 2>&1; then echo "+ apk add chromium" >&2; apk add chromium >&2; \
	else echo "The browser tests need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to a Chrome" >&2; exit 1; fi

.PHONY: browser-test
browser-test: browser-needs ## Try the pages in Chromium alone
	@./scripts/need.sh go postgres
	go test -count=1 -timeout 40m ./internal/web/browsertest

SCREENSHOTS ?= bin/screenshots
.PHONY: screenshots
screenshots: browser-needs ## A picture of each page, in a folder (SCREENSHOTS=bin/screenshots)
	@./scripts/need.sh go postgres
	SCREENSHOTS=$(abspath $(SCREENSHOTS)) go test -count=1 -timeout 40m -run TestScreenshots ./internal/web/browsertest

# The font and the accessibility checker, as the lock file pins them; both are committed.
.PHONY: web-assets
web-assets: ## Take the pages' assets anew from npm
	cd tools/web-assets && npm ci
	cp tools/web-assets/node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2 internal/web/assets/inter.woff2
	gzip -9nc tools/web-assets/node_modules/axe-core/axe.min.js > internal/web/browsertest/axe.min.js.gz

.PHONY: race
race: ## The short tests under the race detector, but for those in a browser
	@./scripts/need.sh go postgres cc
	CGO_ENABLED=1 go test -race -short -timeout 40m $$(go list ./... | grep -v /browsertest)

# Its usual cache, one for all checkouts, gives what it found in one to another with
# the paths of the first, where no nolint applies any more: one for each checkout.
export GOLANGCI_LINT_CACHE := $(CURDIR)/bin/golangci-lint-cache

.PHONY: lint
lint: vet-sql ## golangci-lint, and that queries, schema and generated code agree
	@lint=$$(./scripts/golangci-lint.sh $(GOLANGCI_LINT_VERSION)) && \
		echo "$$lint run" && "$$lint" run
	go tool sqlc diff

# The document is the golden that a test holds equal to what the API serves.
.PHONY: lint-openapi
lint-openapi: ## The linter of the OpenAPI document (installs it the first time)
	@./scripts/need.sh node
	@./scripts/lint-openapi.sh

# sqlc's db-prepare rule asks a real, migrated database about every query.
.PHONY: vet-sql
vet-sql: ## sqlc vet, against a migrated PostgreSQL of its own
	@./scripts/need.sh go postgres
	go run ./internal/ledgertest/cmd/sqlvet

.PHONY: fmt
fmt: ## Format the code as lint wants it
	@lint=$$(./scripts/golangci-lint.sh $(GOLANGCI_LINT_VERSION)) && "$$lint" fmt

.PHONY: generate
generate: ## Rewrite the generated code
	go generate ./...

.PHONY: fuzz
fuzz: ## Every fuzz target with 10,000 inputs (FUZZTIME=1m for a minute each)
	@./scripts/need.sh go postgres
	@./scripts/fuzz.sh $(FUZZTIME)

# What they measure and how to read it: docs/performance.md. The databases stay
# in bench/data, or where PostgreSQL's own user can reach them, for the next run.
.PHONY: bench
bench: ## How fast it is, beside pgbench (SCALE=10000 for a quick one; the default is a million incidents)
	@./scripts/need.sh go postgres pgbench wrk
	go run ./tools/bench run

# The documents are those of ../shared; what is measured: docs/exchange.md.
.PHONY: bench-import
bench-import: ## How fast imports and exports are, beside COPY (SCALE=20000 for a quick one; the default is 200,000 documents)
	@./scripts/need.sh go postgres
	go run ./tools/benchimport

# PostGraphile comes from npm, as the lock file pins it, with a Node.js of its own.
.PHONY: bench-peers
bench-peers: ## The same beside PostGraphile 5 and Flask with SQLAlchemy (SCALE=10000)
	@./scripts/need.sh go postgres pgbench wrk node flask
	cd tools/bench/peers && npm ci --no-audit --no-fund
	go run ./tools/bench peers

.PHONY: profile
profile: ## CPU and heap profiles of the server under load, in bench/profiles (SCALE=10000)
	@./scripts/need.sh go postgres pgbench wrk
	go run ./tools/bench profile

.PHONY: clean
clean: ## Remove what was built; ./.data, the private database, stays
	rm -rf bin dist
