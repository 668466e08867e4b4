package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// peersCommand compares the server with what one would use instead, on the same
// database: PostGraphile 5, and a small service with Flask and SQLAlchemy.
type peersCommand struct {
	Programs string `default:"tools/bench/peers" type:"existingdir"`
}

// Run measures all three in the same rounds.
func (c *peersCommand) Run(ctx context.Context, o *options) (err error) {
	if err := needPeers(c.Programs); err != nil {
		return err
	}
	o.alone = true
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	p := &peers{suite: s, programs: c.Programs}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := p.start(ctx); err != nil {
		return err
	}
	if err := s.runRounds(ctx, p.measures()); err != nil {
		return err
	}
	return o.report(ctx, "-peers", s.postgres, s.results, p.rows())
}

// node is the Node.js that npm has installed beside PostGraphile.
var node = filepath.Join("node_modules", "node", "bin", "node")

type peers struct {
	*suite
	programs            string
	postgraphile, flask *process
}

func (p *peers) start(ctx context.Context) (err error) {
	// Lists by victims need an index that PostGraphile can see, which is no part
	// of ours; and it cannot write search vectors.
	if err := run(ctx, p.big.database, "CREATE INDEX peer_victims ON incidents (victims_desc, id)", "ALTER TABLE incidents ALTER search SET DEFAULT ''"); err != nil {
		return err
	}
	if p.postgraphile, err = p.startPeer(ctx, "postgraphile", "/graphql?query=%7B__typename%7D", "postgres:", func(port string) []string {
		return []string{filepath.Join(p.programs, node), filepath.Join(p.programs, "node_modules", "postgraphile", "dist", "cli-run.js"),
			"--config", filepath.Join(p.programs, "graphile.config.mjs"), "--port", port}
	}); err != nil {
		return err
	}
	if err := p.sane(ctx); err != nil {
		return err
	}
	p.flask, err = p.startPeer(ctx, "flask", incidentsPath, "postgresql+psycopg2:", func(port string) []string {
		return []string{"gunicorn", "--chdir", p.programs, "--workers", "2", "--threads", "4", "--bind", "127.0.0.1:" + port, "app:app"}
	})
	return err
}

// sane sees that PostGraphile answers: its errors have the status 200.
func (p *peers) sane(ctx context.Context) error {
	detail, err := os.ReadFile(filepath.Join(p.programs, "detail.graphql.json"))
	if err != nil {
		return err
	}
	for _, body := range []string{
		firstLine(filepath.Join(p.programs, "list.graphql.json")), strings.ReplaceAll(string(detail), "@@", firstLine(p.slugs())),
		strings.ReplaceAll(firstLine(p.records()), "@@", "000000000000"),
	} {
		a, err := p.postgraphile.post(ctx, "/graphql", []byte(body))
		if err != nil || a.status != http.StatusOK || strings.Contains(string(a.body), `"errors"`) || strings.Contains(string(a.body), `"incidentBySlug":null`) {
			return a.wrong("PostGraphile: "+body, err)
		}
	}
	// What it has written must be no hindrance to the reports, or they are tried
	// again and again while the server is measured.
	if a, err := p.big.get(ctx, "/v1/reports/breaches?fresh=true"); err != nil || a.status != http.StatusOK {
		return a.wrong("the report", err)
	}
	return nil
}

func (p *peers) startPeer(ctx context.Context, name, path, scheme string, command func(port string) []string) (*process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	_, database, _ := strings.Cut(p.big.database, ":")
	args := command(port)
	env := []string{"PEER_DATABASE=" + scheme + database, "PEER_PORT=" + port, "NODE_ENV=production"}
	return start(ctx, address, path, filepath.Join(p.Data, name+".log"), env, args[0], args[1:]...)
}

func (p *peers) stop() error {
	var errs []error
	for _, x := range []*process{p.postgraphile, p.flask} {
		if x != nil {
			errs = append(errs, x.stop())
		}
	}
	return errors.Join(errs...)
}

func (p *peers) measures() []measure {
	s, b := p.suite, &p.big
	json := []string{"Content-Type=application/json"}
	graphql := func(name, kind, file string) measure {
		load := wrk{kind: kind, file: file, connections: connections, headers: json, path: "/graphql"}
		return measure{name: name, writes: strings.HasPrefix(name, "logging"), run: func(ctx context.Context, round int) (sample, error) {
			return load.run(ctx, s.folder, p.postgraphile.url, round, s.Rounds, s.Time)
		}}
	}
	all := []measure{
		s.get("list", b, b.inputs.first, connections, 15, uncached, unkept),
		graphql("list: PostGraphile", "post", filepath.Join(p.programs, "list.graphql.json")),
		s.get("list: Flask", &side{process: p.flask}, b.inputs.first, connections, 0),
		s.get("detail", b, b.inputs.details, connections, 0.5, uncached),
		graphql("detail: PostGraphile", "post-in:"+filepath.Join(p.programs, "detail.graphql.json"), p.slugs()),
		s.get("detail: Flask", &side{process: p.flask}, b.inputs.details, connections, 0),
		s.post("logging", b, "post", b.inputs.plainBodies),
		graphql("logging: PostGraphile", "post", p.records()),
		s.post("logging: Flask", &side{process: p.flask}, "post", b.inputs.plainBodies),
	}
	return slices.DeleteFunc(all, func(m measure) bool { return !s.wanted(m.name) })
}

// slugs are those of the details.
func (p *peers) slugs() string {
	file := filepath.Join(p.folder, "slugs.txt")
	text, err := os.ReadFile(p.big.inputs.details)
	if err == nil {
		err = os.WriteFile(file, []byte(strings.ReplaceAll(string(text), incidentsPath+"/", "")), 0o600) //nolint:gosec // the folder is our own
	}
	if err != nil {
		say("%v", err) // wrk ends with it
	}
	return file
}

// records are mutations of different actors: an incident, two participants and
// a response, each a transaction.
func (p *peers) records() string {
	file := filepath.Join(p.folder, "records.txt")
	text, err := os.ReadFile(filepath.Join(p.programs, "record.graphql.json"))
	if err == nil {
		actors := p.set.Actors()
		var out strings.Builder
		for i := range min(len(actors)/10, 1000) {
			out.WriteString(strings.NewReplacer("@victim", actors[i*10+5].ID.String(), "@regulator", actors[i*10+2].ID.String()).Replace(string(text)))
		}
		err = os.WriteFile(file, []byte(out.String()), 0o600)
	}
	if err != nil {
		say("%v", err)
	}
	return file
}

func (p *peers) rows() (out []row) {
	for _, what := range []struct {
		name              string
		graphql, graphAim float64
		flask, flaskAim   float64
	}{{"list", 5, 8, 12, 20}, {"detail", 6, 8, 25, 35}, {"logging", 2, 5, 7, 15}} {
		for _, peer := range []struct {
			name       string
			least, aim float64
		}{{"PostGraphile", what.graphql, what.graphAim}, {"Flask", what.flask, what.flaskAim}} {
			r := p.ratio(what.name+", to "+peer.name, what.name, what.name+": "+peer.name, peer.least, peer.aim)
			// A peer that fails is no measure.
			if r = judge(r, p.faults(what.name+": "+peer.name)...); p.measured(r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// needPeers says what is missing.
func needPeers(programs string) error {
	for _, program := range []string{filepath.Join(programs, node), "gunicorn"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%w: make bench-peers sees to it", err)
		}
	}
	return nil
}
