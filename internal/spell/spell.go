// Package spell finds the word that somebody may have meant.
package spell

import "strings"

// Nearest returns the word with the fewest edits from the one given, whatever
// the case of its letters, or "" if none is near.
func Nearest(word string, words []string) string {
	best, fewest := "", 1+max(2, len(word)/3)
	for _, w := range words {
		if n := edits(strings.ToLower(word), strings.ToLower(w)); n < fewest {
			best, fewest = w, n
		}
	}
	return best
}

// edits returns how many bytes must be inserted, deleted or replaced to turn a
// into b (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
