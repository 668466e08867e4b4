package web

import (
	"fmt"
	"net/http"
	"time"
)

// policy is the Content-Security-Policy of every page: what a page needs comes
// from here, nothing stands in the page itself, and nobody frames it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer carries.
func secure(hsts time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if hsts > 0 {
			h.Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d", int64(hsts/time.Second)))
		}
		next.ServeHTTP(w, r)
	})
}
