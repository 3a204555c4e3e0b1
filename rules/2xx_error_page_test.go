package rules

import "testing"

func TestNamesError(t *testing.T) {
	for heading, want := range map[string]bool{
		"404 Not Found":               true,
		"404: Not Found":              true,
		"HTTP Status 404 – Not Found": true,
		"Error 502":                   true,
		"Error":                       true,
		"Error - Shop":                true,
		"Server Error (500)":          true,
		"HTTP ERROR: 404":             true,
		"Shop | Service Unavailable":  true,
		"403 Forbidden":               true,
		"Page not found · Shop":       true,
		"Oops! Something went wrong.": true,
		"404":                         true,
		"404 | Shop":                  true,
		"Forbidden":                   false,
		"404 bolts":                   false,
		"The 404 page, explained":     false,
		"Shop":                        false,
		"Error handling in Go":        false,
		"":                            false,
	} {
		if got := namesError([]byte(heading)); got != want {
			t.Errorf("namesError(%q) = %v", heading, got)
		}
	}
}
