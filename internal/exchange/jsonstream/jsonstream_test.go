package jsonstream_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
)

// told writes what a stream gives, one line per document.
func told(r io.Reader) []string {
	var out []string
	for d, err := range jsonstream.Read(r) {
		if err != nil {
			out = append(out, err.Error())
			continue
		}
		out = append(out, fmt.Sprintf("%d %d:%d %s", d.Row, d.Line, d.Offset, d.JSON))
	}
	return out
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", []string{"row 1 (line 1, byte 0): there is no document; a list of none is []"}},
		{"white space", " \n\t\r\n", []string{"row 1 (line 3, byte 5): there is no document; a list of none is []"}},
		{"one document", `{"a": "}]"}`, []string{`1 1:0 {"a": "}]"}`}},
		{"one document over lines", "{\n\"a\": [1,\n2]}\n", []string{"1 1:0 {\n\"a\": [1,\n2]}"}},
		{"lines", "{\"a\":1}\n\n {\"b\":2} \r\n{\"c\":3}", []string{`1 1:0 {"a":1}`, `2 3:10 {"b":2}`, `3 4:20 {"c":3}`}},
		{"a broken line", "{\"a\":1}\n{\"b\":\n{\"c\":3}\n", []string{`1 1:0 {"a":1}`, `2 2:8 {"b":`, `3 3:14 {"c":3}`}},
		{"one behind another", "{\n}{\"b\":[]} {}", []string{"1 1:0 {\n}", `2 2:3 {"b":[]}`, `3 2:12 {}`}},
		{"array", "\xef\xbb\xbf[\n{\"a\":\"\\\"\"},\n 12 ,\"x\",null]\n", []string{`1 2:5 {"a":"\""}`, `2 3:18 12`, `3 3:22 "x"`, `4 3:26 null`}},
		{"empty array", "[ ]", nil},
		{"array that ends early", `[{"a":1},{"b":`, []string{`1 1:1 {"a":1}`, `row 2 (line 1, byte 14): the stream ends within a document`}},
		{"array not closed", `[{"a":1}`, []string{`1 1:1 {"a":1}`, `row 2 (line 1, byte 8): the stream ends within a document`}},
		{"array without a comma", `[{} {}]`, []string{`1 1:1 {}`, `row 2 (line 1, byte 4): there is '{' where a comma or ] is expected`}},
		{"more behind the array", `[{}] {}`, []string{`1 1:1 {}`, `row 2 (line 1, byte 5): the stream goes on behind the array with '{'`}},
		{"text not closed", `"abc`, []string{`row 1 (line 1, byte 4): the stream ends within a document`}},
		{"no gzip", "\x1f\x8bnonsense...", []string{`row 1 (line 1, byte 0): unpack gzip: gzip: invalid header`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, told(strings.NewReader(c.in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.want, told(iotest.OneByteReader(strings.NewReader(c.in)))); diff != "" {
				t.Errorf("byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadGzip(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("{}\n{}\n{}\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := told(bytes.NewReader(packed.Bytes())); len(got) != 3 {
		t.Errorf("got %q", got)
	}
	got := told(bytes.NewReader(packed.Bytes()[:packed.Len()-4]))
	if want := "row 4 (line 4, byte 9): the stream ends within a document"; len(got) != 4 || got[3] != want {
		t.Errorf("cut short: got %q, want last %q", got, want)
	}
}

func TestReadStops(t *testing.T) {
	t.Parallel()
	n := 0
	for range jsonstream.Read(strings.NewReader("[{},{},{}]")) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("read %d documents, want 2", n)
	}
}

func TestReadLimits(t *testing.T) {
	t.Parallel()
	long := `"` + strings.Repeat("a", jsonstream.MaxDocument) + `"`
	for _, in := range []string{long, "{}\n" + long, "[{}," + long + "]"} {
		got := told(strings.NewReader(in))
		if last := got[len(got)-1]; !strings.Contains(last, "larger than 16777216 bytes") {
			t.Errorf("got %.100q", last)
		}
	}
}

// Windows writes what it redirects into a file in UTF-16.
func TestUTF16IsSaid(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"\xff\xfe{\x00}\x00", "\xfe\xff\x00{\x00}", "{\x00}\x00", "\x00{\x00}"} {
		got := told(strings.NewReader(in))
		if len(got) != 1 || !strings.Contains(got[0], "row 1 (line 1, byte 0): the stream is written in UTF-16") {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	cause := errors.New("cable cut")
	for _, err := range jsonstream.Read(io.MultiReader(strings.NewReader("[{},"), iotest.ErrReader(cause))) {
		if err == nil {
			continue
		}
		var e *jsonstream.Error
		if !errors.As(err, &e) || !errors.Is(err, cause) || e.Row != 2 {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"[{},1]", "{}\n{}", "{\"a\":\"\\\"\"}{}", "\x1f\x8b", "]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		row := 0
		for d, err := range jsonstream.Read(bytes.NewReader(data)) {
			if row++; err == nil && (d.Row != row || len(d.JSON) == 0) {
				t.Fatalf("document %d is %+v", row, d)
			}
		}
	})
}
