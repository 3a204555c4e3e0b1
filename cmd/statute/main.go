// Statute holds HTTP APIs to right use of status codes.
package main

import (
	"os"

	"github.com/statute-http/statute/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
