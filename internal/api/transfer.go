package api

import (
	"io"
	"net/http"
	"time"
)

// A transfer is an export or import: a body that streams for as long as it takes. Time
// limits are for each of its reads or writes, not for the whole.

// ndjsonMedia is the media type of JSON lines; there is no registered one.
const ndjsonMedia = "application/x-ndjson"

// stall is how long a transfer may stand still: a client that neither sends nor takes
// anything for that long has gone.
const stall = 30 * time.Second

// steadyWriter limits the time of each write, and not of the whole.
type steadyWriter struct {
	to      io.Writer
	control *http.ResponseController
}

func (w *steadyWriter) Write(p []byte) (int, error) {
	_ = w.control.SetWriteDeadline(time.Now().Add(stall))
	return w.to.Write(p)
}

// steadyReader limits the time of each read, and not of the whole.
type steadyReader struct {
	from    io.Reader
	control *http.ResponseController
	stall   time.Duration
}

func (r *steadyReader) Read(p []byte) (int, error) {
	_ = r.control.SetReadDeadline(time.Now().Add(r.stall))
	n, err := r.from.Read(p)
	if err != nil {
		// Behind the end net/http reads on, to notice a client that goes away, and
		// takes a deadline that passes for just that.
		_ = r.control.SetReadDeadline(time.Time{})
	}
	return n, err
}
