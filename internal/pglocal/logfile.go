package pglocal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

const (
	logLimit  = 10 << 20 // bytes, looked at when the server starts
	tailLines = 15
	tailBytes = 8 << 10
)

func (s *Server) logPath() string { return s.dir + ".log" }

// openLog opens postgres's log for appending. A log past its limit becomes the
// one old log that is kept. It is readable by its owner only, as statements in
// it may hold data.
func openLog(path string, a account) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look at %s: %w", path, err)
	}
	if err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, fmt.Errorf("set the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := a.own(path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// logTail is the end of what the log says from an offset on. It serves error
// messages, so what it can't read it says in place of the log.
func logTail(path string, from int64) string {
	f, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err.Error()
	}
	from = max(from, info.Size()-tailBytes)
	text, err := io.ReadAll(io.NewSectionReader(f, from, tailBytes))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-tailLines):], "\n")
}
