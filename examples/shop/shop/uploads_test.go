package shop

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestUpload holds content to come back as it went, whatever it looks like, and
// wherever it lies in the buffers below.
func TestUpload(t *testing.T) {
	server := serve(t, open(t, Config{}))
	for shift := range len("HTTP/1.1 417 ") {
		content := strings.Repeat("x", shift) + strings.Repeat("HTTP/1.1 417 ", 5000)
		got := send(t, server, fmt.Sprintf("POST /uploads HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer clerk\r\n"+
			"Content-Type: image/png\r\nContent-Length: %d\r\n\r\n%s", len(content), content))
		response, err := http.Get(server.URL + got[0].Fields.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		back, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(back) != content {
			t.Fatalf("shifted by %d: %d bytes came back for %d, %v", shift, len(back), len(content), err)
		}
	}
}
