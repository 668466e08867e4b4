package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

type keysCommand struct {
	Create keysCreate `cmd:"" help:"Make a key and print it; it is shown only once."`
	List   keysList   `cmd:"" help:"List the keys, without their secrets."`
	Revoke keysRevoke `cmd:"" help:"End a key at once."`
}

type keysCreate struct {
	Role    string         `required:"" enum:"reader,contributor,editor,admin" help:"What the key may do: ${enum}."`
	Name    string         `default:"" help:"Who or what uses the key; every revision that it writes carries the name. Defaults to the role."`
	Expires *time.Duration `placeholder:"720h" help:"After how long the key expires; never by default."`
}

// Run makes a key.
func (c *keysCreate) Run(p *program) error {
	role, err := access.ParseRole(c.Role)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(c.Name)
	if name == "" {
		name = c.Role
	}
	var expires *time.Time
	switch {
	case c.Expires == nil:
	case *c.Expires <= 0:
		return errors.New("--expires must be a time from now, such as 720h")
	default:
		expires = new(time.Now().Add(*c.Expires))
	}
	return p.withLedger(func(l *ledger.Ledger) error {
		key, secret, err := l.CreateKey(p.ctx, name, role, expires)
		if err != nil {
			return err
		}
		p.log.Info("made a key; it is shown only once", "id", key.ID, "name", key.Name, "role", key.Role)
		_, err = fmt.Fprintln(p.stdout, secret)
		return err
	})
}

type keysList struct{}

// Run lists the keys.
func (*keysList) Run(p *program) error {
	return p.withLedger(func(l *ledger.Ledger) error {
		keys, err := l.Keys(p.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tROLE\tCREATED\tEXPIRES\tLAST USED\tREVOKED")
		for _, k := range keys {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Role, k.Created.Format(time.DateOnly), day(k.Expires), day(k.LastUsed), day(k.Revoked))
		}
		return w.Flush()
	})
}

func day(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.DateOnly)
}

type keysRevoke struct {
	ID string `arg:"" help:"The key's id, as keys list shows it."`
}

// Run ends a key.
func (c *keysRevoke) Run(p *program) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return fmt.Errorf("%q is not the id of a key; keys list shows them", c.ID)
	}
	return p.withLedger(func(l *ledger.Ledger) error { return l.RevokeKey(p.ctx, id) })
}

// adminKey sees to it that the private ledger has an admin key, kept in a file
// that only its owner can read.
func (p *program) adminKey(l *ledger.Ledger) error {
	path := filepath.Join(p.Data, "admin.key")
	secret, err := os.ReadFile(filepath.Clean(path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the admin key: %w", err)
	}
	if err == nil {
		_, err := l.Identify(p.ctx, strings.TrimSpace(string(secret)))
		switch {
		case err == nil:
			fmt.Fprintf(p.stdout, "The admin key is in %s\n", path)
			return nil
		case !errors.Is(err, ledger.ErrKey):
			return err
		}
		// The file is of another database, or its key was revoked.
	}
	_, fresh, err := l.CreateKey(p.ctx, "admin", access.Admin, nil)
	if err != nil {
		return err
	}
	// A file that is there already would keep its mode.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace the admin key: %w", err)
	}
	if err := os.WriteFile(path, []byte(fresh+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the admin key: %w", err)
	}
	fmt.Fprintf(p.stdout, "Made an admin key; it is in %s\n", path)
	return nil
}
