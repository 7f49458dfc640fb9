// A judge of the transparency log: Go's own sumdb/note and sumdb/tlog (Debian: golang-golang-x-mod-dev) read what the server wrote. One
// command a line on the standard input, as JSON; one answer a line. It shares no code with what it judges.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type command struct {
	Cmd, Note, VKey, URL, Proof string
	Entry, OldRoot, Root        []byte
	Leaves, Hashes              [][]byte
	Old, Size                   int64
	Olds                        []int64
}

type answer struct {
	OK     bool     `json:"ok"`
	Error  string   `json:"error,omitempty"`
	Text   string   `json:"text,omitempty"`
	Size   int64    `json:"size"`
	Root   []byte   `json:"root,omitempty"`
	Roots  [][]byte `json:"roots,omitempty"`
	Checks int      `json:"checks"`
}

func hashOf(b []byte) (h tlog.Hash, err error) {
	if len(b) != tlog.HashSize {
		return h, errors.New("not a hash")
	}
	copy(h[:], b)
	return h, nil
}

// A checkpoint: the note opened, its three lines read.
func open(text, vkey string) (*note.Note, tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return nil, tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return nil, tlog.Tree{}, fmt.Errorf("size %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	h, err := hashOf(root)
	return n, tlog.Tree{N: size, Hash: h}, err
}

func get(url string) ([]byte, error) {
	r, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, 32<<20))
	if err == nil && r.StatusCode != 200 {
		err = fmt.Errorf("%s: status %d", url, r.StatusCode)
	}
	return body, err
}

// "x001/234": the last three digits, and those before with an x.
func number(n int64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return s
}

func path(kind string, n int64, width int) string {
	p := kind + "/" + number(n)
	if width < 256 {
		p += fmt.Sprintf(".p/%d", width)
	}
	return p
}

// Go's reader of tiles over our addresses. It checks each tile against the root of the tree before it believes it.
type tiles struct{ url string }

func (t tiles) Height() int { return 8 }
func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range list {
		data, err := get(t.url + "/tile/" + path(strconv.Itoa(tile.L), tile.N, tile.W))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// Every entry of a log, by its bundles and by its tiles, and its growth from older sizes.
func audit(c command) (a answer, err error) {
	text, err := get(c.URL + "/checkpoint")
	if err != nil {
		return a, err
	}
	_, tree, err := open(string(text), c.VKey)
	if err != nil {
		return a, err
	}
	reader := tlog.TileHashReader(tree, tiles{c.URL})
	for first := int64(0); first < tree.N; first += 256 {
		width := int(tree.N - first)
		if width > 256 {
			width = 256
		}
		bundle, err := get(c.URL + "/tile/" + path("entries", first/256, width))
		if err != nil {
			return a, err
		}
		for n := first; n < first+int64(width); n++ {
			if len(bundle) < 2 || len(bundle)-2 < int(bundle[0])<<8|int(bundle[1]) {
				return a, fmt.Errorf("entry %d is cut short", n)
			}
			size := int(bundle[0])<<8 | int(bundle[1])
			leaf := tlog.RecordHash(bundle[2 : 2+size])
			bundle = bundle[2+size:]
			proof, err := tlog.ProveRecord(tree.N, n, reader)
			if err != nil {
				return a, fmt.Errorf("entry %d: %v", n, err)
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf); err != nil {
				return a, fmt.Errorf("entry %d: %v", n, err)
			}
			a.Checks++
		}
		if len(bundle) != 0 {
			return a, errors.New("a bundle holds more than its entries")
		}
	}
	for _, old := range c.Olds {
		root, err := tlog.TreeHash(old, reader)
		if err != nil {
			return a, err
		}
		proof, err := tlog.ProveTree(tree.N, old, reader)
		if err != nil {
			return a, err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old, root); err != nil {
			return a, err
		}
		a.Roots = append(a.Roots, append([]byte(nil), root[:]...))
		a.Checks++
	}
	a.Size, a.Root, a.Text = tree.N, tree.Hash[:], string(text)
	return a, nil
}

// A c2sp.org/tlog-proof@v1 about an entry.
func checkProof(c command) (a answer, err error) {
	head, checkpoint, found := strings.Cut(c.Proof, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return a, errors.New("not a proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		extra, err := base64.StdEncoding.Strict().DecodeString(lines[0][6:])
		if err != nil {
			return a, err
		}
		a.Text = string(extra)
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return a, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return a, err
		}
		proof = append(proof, h)
	}
	_, tree, err := open(checkpoint, c.VKey)
	if err != nil {
		return a, err
	}
	a.Size, a.Root = tree.N, tree.Hash[:]
	return a, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(c.Entry))
}

func checkConsistency(c command) (a answer, err error) {
	var proof tlog.TreeProof
	for _, b := range c.Hashes {
		h, err := hashOf(b)
		if err != nil {
			return a, err
		}
		proof = append(proof, h)
	}
	oldRoot, err := hashOf(c.OldRoot)
	if err != nil {
		return a, err
	}
	root, err := hashOf(c.Root)
	if err != nil {
		return a, err
	}
	return a, tlog.CheckTree(proof, c.Size, root, c.Old, oldRoot)
}

// The roots of the trees of the first 1, 2, … of some entries.
func roots(c command) (a answer, err error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (hashes []tlog.Hash, err error) {
		for _, i := range indexes {
			hashes = append(hashes, stored[i])
		}
		return hashes, nil
	})
	for n, leaf := range c.Leaves {
		more, err := tlog.StoredHashes(int64(n), leaf, reader)
		if err != nil {
			return a, err
		}
		stored = append(stored, more...)
		root, err := tlog.TreeHash(int64(n)+1, reader)
		if err != nil {
			return a, err
		}
		a.Roots = append(a.Roots, append([]byte(nil), root[:]...))
	}
	return a, nil
}

func run(c command) (a answer, err error) {
	switch c.Cmd {
	case "open":
		_, tree, err := open(c.Note, c.VKey)
		return answer{Size: tree.N, Root: tree.Hash[:]}, err
	case "audit":
		return audit(c)
	case "proof":
		return checkProof(c)
	case "consistency":
		return checkConsistency(c)
	case "roots":
		return roots(c)
	}
	return a, errors.New("no such command")
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var c command
		var a answer
		err := json.Unmarshal(in.Bytes(), &c)
		if err == nil {
			a, err = run(c)
		}
		a.OK = err == nil
		if err != nil {
			a.Error = err.Error()
		}
		if out.Encode(a) != nil {
			os.Exit(1)
		}
	}
}
