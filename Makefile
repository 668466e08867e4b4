# Everything here is one plain command, or a script in scripts/ when it takes more.

GOLANGCI_LINT_VERSION := v2.12.0
FUZZTIME ?= 10s

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
test: ## See to what is missing, then run the tests
	@./scripts/need.sh go postgres
	go test ./...

.PHONY: race
race: ## The short tests under the race detector
	@./scripts/need.sh go postgres cc
	CGO_ENABLED=1 go test -race -short ./...

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
fuzz: ## Every fuzz target for a short time (FUZZTIME=10s)
	@./scripts/need.sh go postgres
	@./scripts/fuzz.sh $(FUZZTIME)

.PHONY: clean
clean: ## Remove what was built; ./.data, the private database, stays
	rm -rf bin dist
