//go:build unix

package pglocal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// roleVar makes this test binary a server of its own, to be killed: tests that
// end a process run themselves anew as that process.
const (
	roleVar = "PGLOCAL_TEST_ROLE" // "ephemeral", or the data directory to serve
	child   = "server: "          // precedes the child's one line: pid of postgres, its directory, the URL
)

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVar); role != "" {
		if err := beServer(role); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beServer starts a server and leaves it running until its input ends. It
// doesn't stop it: a process that forgets to is one of the cases.
func beServer(role string) error {
	o := Options{Dir: role}
	if role == "ephemeral" {
		o = Options{Ephemeral: true}
	}
	s, err := Start(context.Background(), o)
	if err != nil {
		return err
	}
	p, err := readPidFile(s.dir)
	if err != nil {
		return err
	}
	fmt.Printf("%s%d %s %s\n", child, p.pid, s.dir, s.URL("postgres"))
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// A remote is a server started by another process.
type remote struct {
	cmd      *exec.Cmd
	input    io.Closer // its end is the end of the process, in order
	postgres int
	dir, url string
}

// startRemote runs the test binary at path in a role.
func startRemote(t *testing.T, path, role string, adjust func(*exec.Cmd)) remote {
	t.Helper()
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), roleVar+"="+role)
	cmd.Stderr = os.Stderr
	if adjust != nil {
		adjust(cmd)
	}
	in, err := cmd.StdinPipe()
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	t.Cleanup(func() { // for a test that failed early; otherwise both have ended
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	r := remote{cmd: cmd, input: in}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if line, ok := strings.CutPrefix(lines.Text(), child); ok {
			_, err := fmt.Sscan(line, &r.postgres, &r.dir, &r.url)
			check(t, err)
			return r
		}
	}
	t.Fatalf("the child ended without starting a server: %v", cmd.Wait())
	return r
}

// kill is SIGKILL: the process gets no chance to clear up.
func (r remote) kill(t *testing.T) {
	t.Helper()
	check(t, r.cmd.Process.Kill())
	_ = r.cmd.Wait() // "signal: killed"
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	check(t, err)
	return path
}

// folder is a temporary folder that other users can enter, which those of
// t.TempDir are not.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	check(t, os.Chmod(filepath.Dir(dir), 0o755))
	dir, err := filepath.EvalSymlinks(dir)
	check(t, err)
	return dir
}

// program writes a program. No process may begin meanwhile: it would hold the file
// open for a moment, and a file that somebody may write to cannot be run.
func program(t *testing.T, path string, from io.Reader) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o755)
	check(t, err)
	_, err = io.Copy(out, from)
	check(t, errors.Join(err, out.Close()))
}

// start starts a server that ends with the test.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	check(t, err)
	t.Cleanup(func() { check(t, s.Stop()) })
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run executes statements at a URL.
func run(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	check(t, err)
	defer conn.Close(t.Context())
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// ask returns the one text that a query yields.
func ask(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	check(t, err)
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// eventually waits for what another process does in its own time.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("%s: not within a minute", what)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
