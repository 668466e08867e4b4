package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// Each role may do what the ones before it may.
var roles = []access.Role{access.Anonymous, access.Reader, access.Contributor, access.Editor, access.Admin}

func TestRolesAreInOrder(t *testing.T) {
	t.Parallel()
	for i, role := range roles {
		for j, other := range roles {
			if role.AtLeast(other) != (i >= j) {
				t.Errorf("%q at least %q: %t", role, other, role.AtLeast(other))
			}
		}
	}
	if access.Role("root").AtLeast(access.Reader) {
		t.Error("a role that there is not may read")
	}
}

func TestParseRole(t *testing.T) {
	t.Parallel()
	for _, name := range access.Roles() {
		if role, err := access.ParseRole(name); err != nil || string(role) != name {
			t.Errorf("%s is read as %q, %v", name, role, err)
		}
	}
	if got := access.Roles(); len(got) != len(roles)-1 || slices.Contains(got, "") {
		t.Errorf("a key can have the roles %v", got)
	}
	for _, name := range []string{"", "root", "Admin", "admin ", "anonymous"} {
		if role, err := access.ParseRole(name); err == nil || role != access.Anonymous || !strings.Contains(err.Error(), "reader, contributor, editor, admin") {
			t.Errorf("%q is read as %q, %v", name, role, err)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		role      access.Role
		begins    incidents.Publication
		editsAll  bool
		editsOwn  bool // drafts
		seesDraft bool
	}{
		{access.Anonymous, incidents.Draft, false, false, false},
		{access.Reader, incidents.Draft, false, false, false},
		{access.Contributor, incidents.Draft, false, true, true},
		{access.Editor, incidents.Published, true, true, true},
		{access.Admin, incidents.Published, true, true, true},
		{access.Role("root"), incidents.Draft, false, false, false},
	} {
		if got := test.role.Publishes(); got != test.begins {
			t.Errorf("what %q logs begins as %s", test.role, got)
		}
		for _, p := range incidents.Publication("").Vocabulary().Values() {
			want := test.editsAll || test.editsOwn && p == string(incidents.Draft)
			if got := test.role.CanEdit(incidents.Publication(p)); got != want {
				t.Errorf("%q may edit what is %s: %t", test.role, p, got)
			}
		}
		if got := test.role.NamesActors(); got != test.editsAll {
			t.Errorf("%q gives actors other names: %t", test.role, got)
		}
		if got := test.role.SeesUnpublished(); got != test.seesDraft {
			t.Errorf("%q sees drafts: %t", test.role, got)
		}
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		secret := access.NewSecret()
		if seen[secret] || len(secret) != len("blk_")+32 || !strings.HasPrefix(secret, "blk_") || !access.WellFormed(secret) {
			t.Fatalf("the secret %q", secret)
		}
		seen[secret] = true
	}
	one := access.NewSecret()
	for _, other := range []string{"", one[:len(one)-1], one + "x", " " + one, one + "\n", strings.ToUpper(one)} {
		if access.WellFormed(other) || slices.Equal(access.Hash(one), access.Hash(other)) {
			t.Errorf("%q passes for a secret", other)
		}
	}
	if len(access.Hash(one)) != 32 {
		t.Errorf("a hash has %d bytes", len(access.Hash(one)))
	}
	line := access.Redact("Authorization: Bearer " + one + ", and again " + one + ".")
	if strings.Contains(line, one[4:10]) || line != "Authorization: Bearer blk_…, and again blk_…." {
		t.Errorf("in a log it reads %q", line)
	}
}
