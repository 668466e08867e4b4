package csvfile_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

func written(t *testing.T, cells ...csvfile.Cell) string {
	t.Helper()
	var out strings.Builder
	w := csvfile.NewWriter(&out, make([]string, len(cells)))
	header := strings.Repeat(",", len(cells)-1) + "\r\n"
	if len(cells) == 1 {
		header = "\"\"\r\n"
	}
	w.Row(cells...)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	row, found := strings.CutPrefix(out.String(), header)
	if !found {
		t.Fatalf("the file begins with another header: %q", out.String())
	}
	return row
}

func TestCells(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cell csvfile.Cell
		want string
	}{
		{csvfile.Text("plain"), "plain"},
		{csvfile.Text("a, b"), `"a, b"`},
		{csvfile.Text(`the "Safe" Bank`), `"the ""Safe"" Bank"`},
		{csvfile.Text("two\nlines"), "\"two\nlines\""},
		{csvfile.Text("two\r\nlines"), "\"two\r\nlines\""},
		{csvfile.Text(" spaces "), `" spaces "`},
		{csvfile.Text("Zürich 支付"), "Zürich 支付"},
		{csvfile.Text(`=HYPERLINK("http://evil.example","x")`), `"'=HYPERLINK(""http://evil.example"",""x"")"`},
		{csvfile.Text("=1+1"), "'=1+1"},
		{csvfile.Text("+1"), "'+1"},
		{csvfile.Text("-1"), "'-1"},
		{csvfile.Text("@SUM(A1)"), "'@SUM(A1)"},
		{csvfile.Text("\t=1"), "'\t=1"},
		{csvfile.Text("\r=1"), "\"'\r=1\""},
		{csvfile.Text("\n=1"), "\"'\n=1\""},
		{csvfile.Text(" =1"), "' =1"},
		{csvfile.Text("＝1"), "'＝1"},
		{csvfile.Text("'=1"), "''=1"},
		{csvfile.Text("'quoted'"), "'quoted'"},
		{csvfile.Text("a=1"), "a=1"},
		{csvfile.Texts([]string{"-a", "b"}), "'-a; b"},
		{csvfile.Int(-5), "-5"},
		{csvfile.Int(int64(78_800_000)), "78800000"},
		{csvfile.MaybeInt(nil), `""`},
		{csvfile.MaybeInt(new(int64(0))), "0"},
		{csvfile.Decimal(decimal.RequireFromString("-0.50")), "-0.5"},
		{csvfile.Float(2.5), "2.5"},
		{csvfile.Bool(true), "true"},
		{csvfile.Time(time.Date(2026, 3, 1, 12, 0, 0, 5000, time.FixedZone("", 3600))), "2026-03-01T11:00:00.000005Z"},
		{csvfile.Empty, `""`},
	} {
		if got := written(t, test.cell); got != test.want+"\r\n" {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	if got := written(t, csvfile.Empty, csvfile.Text("x"), csvfile.Empty); got != ",x,\r\n" {
		t.Errorf("%q", got)
	}
}

type broken struct{ after int }

var errBroken = errors.New("broken")

func (b *broken) Write(p []byte) (int, error) {
	if b.after -= len(p); b.after < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestErrorsAreKept(t *testing.T) {
	t.Parallel()
	w := csvfile.NewWriter(&broken{after: 10}, []string{"a"})
	for range 10_000 {
		w.Row(csvfile.Text("some text"))
	}
	if err := w.Flush(); !errors.Is(err, errBroken) {
		t.Errorf("the error is %v", err)
	}
	w = csvfile.NewWriter(&strings.Builder{}, []string{"a", "b"})
	w.Row(csvfile.Empty)
	if err := w.Flush(); err == nil {
		t.Error("a row that is too short is no error")
	}
}

// Whatever is written into a cell, it is read as it was, it stays one cell, and
// no spreadsheet takes it for a formula.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{"", "'", "''=", "=cmd|' /C calc'!A0", "-1", "a,b", "\"", "\"\"", "\r", "\r\n", "\n\r", " =1", "\u00a0+1", "＠x", "\ufeff=1", "\xff=", "a\x00b", "'\t", "x; =1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		row := written(t, csvfile.Text(s), csvfile.Text("end"))
		records, err := csv.NewReader(strings.NewReader(row)).ReadAll()
		if err != nil || len(records) != 1 || len(records[0]) != 2 || records[0][1] != "end" {
			t.Fatalf("%q is written as %q and read as %q, %v", s, row, records, err)
		}
		// The reader takes \r\n for \n.
		cell := records[0][0]
		if got, want := csvfile.Plain(cell), strings.ReplaceAll(s, "\r\n", "\n"); got != want {
			t.Errorf("%q is written as %q and read as %q", s, row, got)
		}
		trimmed := strings.TrimLeft(cell, " \u00a0\u3000\ufeff")
		for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
			if strings.HasPrefix(trimmed, start) {
				t.Errorf("%q is written as %q, which begins like a formula", s, row)
			}
		}
	})
}
