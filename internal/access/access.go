// Package access says who may do what: roles, API keys and identities.
// It holds pure rules; the ledger stores the keys.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Role says what a key may do. Each role may do what the ones before it may.
type Role string

// The roles. Anonymous is nobody's key.
const (
	Anonymous   Role = ""
	Reader      Role = "reader"
	Contributor Role = "contributor" // logs incidents as drafts, adds claims to drafts
	Editor      Role = "editor"      // publishes, edits, merges
	Admin       Role = "admin"       // keys, whole-ledger export and import
)

var rank = map[Role]int{Anonymous: 0, Reader: 1, Contributor: 2, Editor: 3, Admin: 4}

// Roles lists the roles that a key can have.
func Roles() []string {
	return []string{string(Reader), string(Contributor), string(Editor), string(Admin)}
}

// ParseRole reads the role of a key.
func ParseRole(s string) (Role, error) {
	if r := Role(s); r != Anonymous && rank[r] > 0 {
		return r, nil
	}
	return Anonymous, fmt.Errorf("%q is not a role: it must be one of %s", s, strings.Join(Roles(), ", "))
}

// AtLeast reports whether the role may do what the other may.
func (r Role) AtLeast(other Role) bool { return rank[r] >= rank[other] }

// Identity is who makes a request.
type Identity struct {
	KeyID uuid.UUID
	Name  string // the key's name, kept with every revision that it writes
	Role  Role
	// Expires is when the key ends; zero when it does not.
	Expires time.Time
}

const (
	prefix      = "blk_"
	randomBytes = 24
)

// NewSecret makes the secret of a new API key. It is shown once and stored only
// as its hash.
func NewSecret() string {
	var raw [randomBytes]byte
	_, _ = rand.Read(raw[:]) // never fails: it ends the program instead
	return prefix + base64.RawURLEncoding.EncodeToString(raw[:])
}

// form is what a secret looks like: 24 bytes are 32 characters.
var form = regexp.MustCompile("^" + prefix + "[A-Za-z0-9_-]{32}$")

// inText finds what looks like the beginning of a secret, or all of it.
var inText = regexp.MustCompile(prefix + "[A-Za-z0-9_-]+")

// WellFormed reports whether a text could be a secret. One that could not need
// not be looked up.
func WellFormed(secret string) bool { return form.MatchString(secret) }

// Redact takes secrets out of a text that is going to be logged.
func Redact(text string) string {
	if !strings.Contains(text, prefix) {
		return text
	}
	return inText.ReplaceAllString(text, prefix+"…")
}

// Hash is what is stored of a secret. A secret has 192 random bits, so a fast hash is
// enough. Nor need a lookup by hash take constant time: what its timing tells is at
// most something about a stored hash, from which nobody gets to a secret.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// CanEdit reports whether the role may change an incident in that state of
// publication: a contributor only drafts, an editor everything.
func (r Role) CanEdit(p incidents.Publication) bool {
	return r.AtLeast(Editor) || r.AtLeast(Contributor) && p == incidents.Draft
}

// NamesActors reports whether the role may give an actor other names than its own. What
// others write resolves to these at once, also where only a draft uses the actor.
func (r Role) NamesActors() bool { return r.AtLeast(Editor) }

// Publishes is the state in which an incident logged by the role begins.
func (r Role) Publishes() incidents.Publication {
	if r.AtLeast(Editor) {
		return incidents.Published
	}
	return incidents.Draft
}

// SeesUnpublished reports whether the role may see drafts, their sources, and
// who wrote what.
func (r Role) SeesUnpublished() bool { return r.AtLeast(Contributor) }
