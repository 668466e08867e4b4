package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestProfilesAreForThisMachine(t *testing.T) {
	t.Parallel()
	var out safeBuffer
	log, _ := newLogger(&out, "text", "info")
	p := &program{ctx: t.Context(), stdout: &out, log: log}
	for _, address := range []string{"0.0.0.0:0", ":6060", "192.0.2.1:6060", "[::]:6060", "example.com:6060"} {
		if stop, err := p.servePprof(address); err == nil {
			stop()
			t.Errorf("profiles are served on %s", address)
		}
	}
	if _, err := p.servePprof(""); err != nil || out.String() != "" {
		t.Errorf("without an address: %v, %s", err, out.String())
	}
	stop, err := p.servePprof("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	url := regexp.MustCompile(`http://\S+`).FindString(out.String())
	res, err := http.Get(url + "heap?debug=1")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || !strings.HasPrefix(string(body), "heap profile") {
		t.Errorf("the heap's profile is %.100s, %v", body, err)
	}
}
