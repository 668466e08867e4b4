package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/negotiate"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file that pages load, with its hash in its name, so that browsers
// keep it for ever.
type asset struct {
	contentType   string
	plain, packed []byte // packed is nil where compressing does not pay
}

// assets are the files by their hashed name.
type assets struct {
	byName map[string]asset
	names  map[string]string // the hashed name of a file: app.css -> app.1a2b3c4d.css
}

func loadAssets() (assets, error) {
	out := assets{byName: map[string]asset{}, names: map[string]string{}}
	files, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		return out, err
	}
	contents := map[string][]byte{}
	for _, f := range files {
		if contents[f.Name()], err = fs.ReadFile(assetFiles, path.Join("assets", f.Name())); err != nil {
			return out, err
		}
	}
	for _, f := range files {
		if path.Ext(f.Name()) != ".css" {
			if err := out.add(f.Name(), contents[f.Name()]); err != nil {
				return out, err
			}
		}
	}
	// Styles name the font, whose hashed name is known by now.
	for _, f := range files {
		if path.Ext(f.Name()) == ".css" {
			text := string(contents[f.Name()])
			for name, hashed := range out.names {
				text = strings.ReplaceAll(text, `"`+name+`"`, `"`+hashed+`"`)
			}
			if err := out.add(f.Name(), []byte(text)); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

func (a assets) add(name string, content []byte) error {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	file := asset{contentType: mime.TypeByExtension(ext), plain: content}
	if ext == ".woff2" {
		file.contentType = "font/woff2"
	} else {
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := z.Write(content); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		file.packed = packed.Bytes()
	}
	a.byName[hashed], a.names[name] = file, hashed
	return nil
}

// path is the address of an asset.
func (a assets) path(name string) (string, error) {
	hashed, ok := a.names[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %s", name)
	}
	return "/assets/" + hashed, nil
}

// ServeHTTP serves an asset by its hashed name.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.byName[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := file.plain
	if file.packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if negotiate.Gzip(r.Header) {
			h.Set("Content-Encoding", "gzip")
			body = file.packed
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser has gone: nothing to be done
	}
}
