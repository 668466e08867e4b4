package web_test

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// Whatever an incident holds, its form sent back as it came changes nothing.
func TestFormsLoseNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	b := ledgertest.NewBuilder(33)
	for range 30 {
		path := "/incidents/" + s.record(b.Incident())
		r := v.post(path+"/edit", fields(t, v.page(path+"/edit"), "incident-form"))
		if !strings.HasSuffix(r.Header().Get("Location"), "?done=unchanged") {
			t.Errorf("%s: status %d to %q\n%s", path, r.Code, r.Header().Get("Location"), v.page(path+"/history"))
		}
	}
}
