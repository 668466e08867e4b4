package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// caller is somebody who sends requests.
type caller struct {
	name string
	role access.Role
	key  string
	bad  bool // the key is no good
}

func (s *service) callers(t *testing.T) []caller {
	t.Helper()
	out := []caller{{name: "anonymous"}}
	for _, role := range access.Roles() {
		out = append(out, caller{name: role, role: access.Role(role)})
	}
	return append(out,
		caller{name: "an unknown key", key: access.NewSecret(), bad: true},
		caller{name: "no key at all", key: "secret", bad: true},
		caller{name: "a revoked key", key: s.revoked(t), bad: true},
		caller{name: "an expired key", key: s.expired(t), bad: true},
	)
}

// TestEveryRouteForEveryRole walks the OpenAPI document: who may use an
// operation is what its security and x-role say. A route that the test cannot
// make a request for fails it.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everybody := w.callers(t)
	for _, op := range w.doc.operations {
		t.Run(op.OperationID, func(t *testing.T) {
			t.Parallel()
			needed := op.needs(t)
			refused := w.arrange(t, op, access.Admin)
			for _, c := range everybody {
				r := refused
				if may := !c.bad && c.role.AtLeast(needed); may {
					r = w.arrange(t, op, c.role)
				}
				r.role, r.key = c.role, c.key
				got := w.send(t, r)
				switch {
				case c.bad || c.role == access.Anonymous && needed != access.Anonymous:
					if got.status != http.StatusUnauthorized {
						t.Errorf("%s: the status is %d, want 401: %s", c.name, got.status, got.body)
					}
				case !c.role.AtLeast(needed):
					if got.status != http.StatusForbidden {
						t.Errorf("%s: the status is %d, want 403: %s", c.name, got.status, got.body)
					}
				case got.status != op.DefaultStatus:
					t.Errorf("%s: the status is %d, want %d: %s", c.name, got.status, op.DefaultStatus, got.body)
				}
			}
		})
	}
}

// needs is the role that an operation's description asks for; its security
// must say the same.
func (op documented) needs(t *testing.T) access.Role {
	t.Helper()
	said, _ := op.Extensions["x-role"].(string)
	open := slices.ContainsFunc(op.Security, func(s map[string][]string) bool { return len(s) == 0 })
	if said == "anybody" {
		if !open {
			t.Errorf("anybody may use %s, but its security asks for a key", op.OperationID)
		}
		return access.Anonymous
	}
	role, err := access.ParseRole(said)
	if err != nil {
		t.Fatalf("%s does not say who may use it: %v", op.OperationID, err)
	}
	if open {
		t.Errorf("%s needs the role %s, but its security asks for no key", op.OperationID, role)
	}
	return role
}

// TestEveryRouteWithKeyedReads: nobody reads anything without a key.
func TestEveryRouteWithKeyedReads(t *testing.T) {
	t.Parallel()
	open := newWorld(t)
	keyed := startWith(t, open.ledger, api.Config{KeyedReads: true})
	for _, op := range keyed.doc.operations {
		if op.needs(t) == access.Anonymous {
			t.Errorf("anybody may use %s", op.OperationID)
		}
		r := open.arrange(t, op, access.Admin)
		r.role = access.Anonymous
		if got := keyed.send(t, r); got.status != http.StatusUnauthorized {
			t.Errorf("%s: the status is %d without a key, want 401", op.OperationID, got.status)
		}
		if op.method == http.MethodGet && op.needs(t) == access.Reader {
			r.role = access.Reader
			keyed.send(t, r).must(t, http.StatusOK)
		}
	}
	keyed.get(t, "/healthz").must(t, http.StatusOK)
	keyed.get(t, "/openapi.json").must(t, http.StatusOK)
}

// TestEveryRouteIsDocumented: what the router serves is in the OpenAPI document,
// or one of the few addresses that are not part of version 1.
func TestEveryRouteIsDocumented(t *testing.T) {
	t.Parallel()
	s := startWith(t, ledgertest.Open(t), api.Config{})
	known := []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/openapi.yaml", "/openapi-3.0.json", "/openapi-3.0.yaml"}
	for _, r := range s.api.Routes() {
		if _, ok := s.doc.find(r.Method, r.Path); !ok && !slices.Contains(known, r.Path) && !strings.HasPrefix(r.Path, "/docs") && r.Method != http.MethodHead {
			t.Errorf("%s %s is in no document", r.Method, r.Path)
		}
	}
}
