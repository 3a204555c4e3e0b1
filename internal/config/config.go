// Package config reads statute.yaml: what to check, with which credentials, and
// what the API's owners have decided about findings.
//
// It reads strictly: whatever it does not understand is an error with its line,
// so that no slip of the pen switches off what its author relies on. Variables
// and files in credentials are left as they are written.
package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/statute-http/statute"
)

// Name is what the file is called beside the caller.
const Name = "statute.yaml"

// maxSize is how many bytes a file may have.
const maxSize = 1 << 20

// File is what a file says; the zero File is one that says nothing. Names of
// other files in it are relative to its own folder.
type File struct {
	Name string // as it was opened; "" if there is none

	Target      string // the API's base URL
	Description string // file or URL, relative to the caller
	Headers     []Text // "Name: value", sent with every request

	Credentials map[string]Credential
	As          string // names of Credentials: all rights, fewer rights, another owner
	AsLow       string
	AsOther     string

	Values      map[string]string // of parameters and fields, by name
	Conventions map[string]string // what the API answers, by the convention's name
	Limits      Limits

	Only, Skip, Risky []string // operations: "GET /orders", with * for any characters

	Off    []Off
	FailOn string // "must", "should", "advice", "never"; "" if not said
}

// Text is a text and where it stands.
type Text struct {
	Text string
	Line int // counted from 1
}

// Credential is what identifies one caller; all that it holds is sent together.
// Its texts may hold $VARIABLE or be @FILE.
type Credential struct {
	Line   int
	Header []Text // "Name: value"
	Basic  []Text // "user:password"
	Query  []Text // "name=value"
	Cookie []Text // "name=value"
	OAuth2 *OAuth2
	Login  *Login
	TLS    *TLS
}

// OAuth2 is how to get a token (RFC 6749, 4.3 and 4.4).
type OAuth2 struct {
	Token        string // URL of the token endpoint
	ClientID     string
	ClientSecret string
	Scope        string // "" if none is asked for
	Grant        string // "client_credentials" or "password"
	Username     string // of the grant "password", as is Password
	Password     string
}

// Login is a request whose answer holds a credential.
type Login struct {
	Method  string
	Target  string // "/login", appended to the API's base as operations are, or an absolute URL
	Headers []Text // "Name: value"
	Body    any    // a JSON value: string, int, float64, bool, []any, map[string]any; nil if there is none
	Take    Take
}

// Take is where a credential stands in the answer to a Login; one of JSON,
// Cookie and Header is set.
type Take struct {
	JSON   string // a JSON Pointer (RFC 6901) into the content
	Cookie string // name of the cookie that is set
	Header string // name of the field
	As     string // the field to send, {} standing for what was taken; "" for a cookie or field under its own name
}

// TLS are the files, in PEM, that a client identifies itself with.
type TLS struct {
	Cert, Key string
	CA        string // who vouches for the server; "" means the system's
}

// Limits are bounds of a run; 0 means that nothing is said.
type Limits struct {
	Requests     int
	PerOperation int // requests
	Time         time.Duration
	PerSecond    float64 // requests
}

// Off switches a rule off.
type Off struct {
	Rule   string // ID
	Route  string // an operation, with * for any characters; "" means all
	Code   int    // 0 means all
	Reason string
	Line   int
}

// Load reads a file. The rules are those that it may name, also by their
// conventions. An error has a line for each fault.
func Load(name string, rules []*statute.Rule) (*File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("reading the configuration: %s has more than %d bytes", name, maxSize)
	}
	return Parse(data, name, rules)
}

// Parse reads a file's content; see [Load].
func Parse(data []byte, name string, rules []*statute.Rule) (*File, error) {
	f := &File{Name: name}
	r := &reader{name: name, rules: rules}
	var documents []yaml.Node
	err := yaml.Load(data, &documents, yaml.WithAllDocuments())
	load, located := errors.AsType[*yaml.LoadError](err)
	switch {
	case located:
		r.report(load.Mark.Line, "%s", load.Message)
	case err != nil:
		r.report(0, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	case len(documents) > 1:
		r.report(documents[1].Content[0].Line, "a second document begins here")
	case len(documents) == 1 && !null(documents[0].Content[0]):
		r.file(documents[0].Content[0], f)
	}
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	return f, nil
}

// Dir is the folder of the file; "" if there is none.
func (f *File) Dir() string {
	if f.Name == "" {
		return ""
	}
	return filepath.Dir(f.Name)
}
