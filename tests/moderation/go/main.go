// Checks a log as a stranger would: nothing of ours, only golang.org/x/mod/sumdb.
// Usage: main DIR VKEY INDEX. DIR holds checkpoint, tile/…, and the entry's own bytes in the file "entry".
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The C2SP path of a tile: as the checksum database's, without the height.
func path(t tlog.Tile) string {
	return strings.Replace(t.Path(), "tile/8/", "tile/", 1)
}

type files struct{ dir string }

func (f files) Height() int { return 8 }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(f.dir, path(t)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	index, err := strconv.ParseInt(os.Args[3], 10, 64)
	check(err)

	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err)
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		check(fmt.Errorf("the checkpoint is of %s", lines[0]))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	hash, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], hash)

	// The reader checks every tile it reads against the tree's hash.
	reader := tlog.TileHashReader(tree, files{dir})
	entry, err := os.ReadFile(filepath.Join(dir, "entry"))
	check(err)
	proof, err := tlog.ProveRecord(size, index, reader)
	check(err)
	check(tlog.CheckRecord(proof, size, tree.Hash, index, tlog.RecordHash(entry)))
	half := size/2 + 1
	old, err := tlog.TreeHash(half, reader)
	check(err)
	grown, err := tlog.ProveTree(size, half, reader)
	check(err)
	check(tlog.CheckTree(grown, size, tree.Hash, half, old))
	fmt.Printf("entry %d of %d is in the log\n", index, size)
}
