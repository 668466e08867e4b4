FROM golang:1.26-alpine AS build
WORKDIR /src
# The caches keep modules and packages between builds; only what the server
# imports is downloaded, not the tools in go.mod.
ENV CGO_ENABLED=0 GOMODCACHE=/cache/modules GOCACHE=/cache/build
COPY go.mod go.sum ./
COPY cmd cmd
COPY db db
COPY internal internal
COPY seeds seeds
RUN --mount=type=cache,target=/cache \
    go build -trimpath -ldflags='-s -w' -o /out/server ./cmd/server

FROM alpine:3.23
RUN adduser -D -H -u 10001 breachledger
WORKDIR /srv/breachledger
COPY --from=build /out/server /usr/local/bin/server
# For "server import seeds/": with DATABASE_URL nothing is imported by itself.
COPY seeds seeds
USER 10001
ENV LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/readyz"]
# There is no PostgreSQL in this image: give it DATABASE_URL.
ENTRYPOINT ["server"]
CMD ["serve"]
