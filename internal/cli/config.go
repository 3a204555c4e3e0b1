package cli

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/config"
	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/spell"
)

// configPage explains the keys of the file.
const configPage = "https://github.com/statute-http/statute/blob/main/docs/configuration.md"

// configFlag adds --config.
func configFlag(f *pflag.FlagSet) {
	f.String("config", config.Name, "configuration `file`; '' reads none")
}

// configuration reads the file of --config. That it is not there is no error
// unless the user has named it.
func configuration(f *pflag.FlagSet) (*config.File, error) {
	flag := f.Lookup("config")
	name := flag.Value.String()
	if name == "" {
		return &config.File{}, nil
	}
	file, err := config.Load(name, everyRule())
	switch {
	case errors.Is(err, fs.ErrNotExist) && !flag.Changed:
		return &config.File{}, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w\nall keys: %s", err, configPage)
	}
	return file, nil
}

// place returns the argument and the --url that stand for what the user wrote
// and, where that leaves it open, for what the file says. A URL as argument says
// all.
func place(file *config.File, argument, address string) (string, string) {
	if isURL(argument) {
		return argument, address
	}
	if address == "" {
		address = file.Target
	}
	if argument == "" {
		argument = file.Description
	}
	return argument, address
}

// fill takes from the file what the flags leave open. Operations to skip, those
// that are risky, and values add up.
func fill(c *check.Config, file *config.File, f *pflag.FlagSet) {
	if c.Only == nil {
		c.Only = file.Only
	}
	c.Skip = slices.Concat(file.Skip, c.Skip)
	c.Risky = slices.Concat(file.Risky, c.Risky)
	c.Values = map[string]string{}
	maps.Copy(c.Values, file.Values)
	limits := file.Limits
	if limits.Requests > 0 && !f.Changed("max-requests") {
		c.MaxRequests = limits.Requests
	}
	if limits.PerOperation > 0 && !f.Changed("max-per-operation") {
		c.MaxPerOperation = limits.PerOperation
	}
	if limits.Time > 0 && !f.Changed("max-time") {
		c.MaxTime = limits.Time
	}
	if limits.PerSecond > 0 && !f.Changed("per-second") {
		c.PerSecond = limits.PerSecond
	}
}

// adopt adds to a login what the file says: the header fields that the user
// has not given, and the credentials of that name, or, where neither name nor
// credentials are given, the file's choice of them. It returns warnings.
func (l *login) adopt(file *config.File, name string) (warnings []string, err error) {
	given := slices.Clone(l.credentials)
	for _, text := range file.Headers {
		v, err := parseField(text.Text, file.Dir())
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file.Name, text.Line, err)
		}
		same := func(g value) bool { return g.In == v.In && strings.EqualFold(g.Name, v.Name) }
		if !slices.ContainsFunc(l.fields, same) && !slices.ContainsFunc(given, same) {
			l.fields = append(l.fields, v)
		}
	}
	l.promote("Authorization", "Cookie")
	if name == "" && len(given) == 0 {
		name = cmp.Or(file.As, l.first)
	}
	id, warnings, err := l.byName("as", name, file)
	id.credentials = append(l.credentials, id.credentials...)
	l.identity = id
	return warnings, err
}

// others takes the principals that are not Full from what the file, or the WFC
// file, says of credentials. It returns warnings.
func (l *login) others(file *config.File, low, other string) (warnings []string, err error) {
	var more []string
	if l.low, warnings, err = l.byName("as-low", cmp.Or(low, file.AsLow), file); err != nil {
		return nil, err
	}
	l.other, more, err = l.byName("as-other", cmp.Or(other, file.AsOther), file)
	return append(warnings, more...), err
}

// introduce adds to a login the principals that the WFC file and the configuration
// name, and says what they warn of. What it returns knows everybody's secrets.
func (a *app) introduce(l *login, file *config.File, wfc, as, asLow, asOther string) (*redact.Redactor, error) {
	if err := l.readWFC(wfc); err != nil {
		return nil, err
	}
	warnings, err := l.adopt(file, as)
	if err != nil {
		return nil, err
	}
	more, err := l.others(file, asLow, asOther)
	if err != nil {
		return nil, err
	}
	redactor := a.console.keep(l.secrets())
	for _, warning := range append(warnings, more...) {
		a.console.say("%s", warning)
	}
	return redactor, nil
}

// byName returns the identity of that name, none for "". It returns warnings.
func (l *login) byName(flag, name string, file *config.File) (id identity, warnings []string, err error) {
	if name == "" {
		return id, nil, nil
	}
	if id, ok := l.users[name]; ok {
		return id, nil, nil
	}
	c, ok := file.Credentials[name]
	if !ok {
		known := slices.Sorted(maps.Keys(file.Credentials))
		err := fmt.Errorf("--%s %s: no credentials of that name are in %s", flag, name, cmp.Or(file.Name, config.Name))
		if near := spell.Nearest(name, slices.AppendSeq(known, maps.Keys(l.users))); near != "" {
			err = hint(err, "--%s %s", flag, near)
		}
		return id, nil, err
	}
	if id, err = l.identify(c, file.Dir()); err != nil {
		return id, nil, fmt.Errorf("%s: line %d: the credentials %q: %w", file.Name, c.Line, name, err)
	}
	if id.inline {
		warnings = append(warnings, fmt.Sprintf("%s: line %d: the secret of %q stands in the file itself: $VARIABLE or @FILE keeps it out",
			file.Name, c.Line, name))
	}
	return id, warnings, nil
}

// plainUser is a name that means itself between double quotes in a shell.
var plainUser = regexp.MustCompile(`^[A-Za-z0-9_.@-]+$`)

// parseBasic reads "user:password" and makes credentials of it (RFC 7617, 2).
func parseBasic(text, folder string) ([]value, error) {
	name, secret, _ := strings.Cut(text, ":")
	user, err := expand("header", "user", name, folder)
	if err != nil {
		return nil, err
	}
	v, err := expand("header", "password", secret, folder)
	if err != nil {
		return nil, err
	}
	if plainUser.MatchString(name) {
		user.shell = name
	}
	v.shell = fmt.Sprintf(`Basic $(printf %%s "%s:%s" | base64 | tr -d '\n')`, user.shell, v.shell)
	v.Name, v.Value = "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Value+":"+v.Value))
	return []value{v}, nil
}
