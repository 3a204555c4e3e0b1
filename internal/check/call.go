package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// call is a request to an operation before it is written down: the values of
// its parameters and of its body.
type call struct {
	op     *operation
	path   map[string]string // values by parameter name, not yet escaped
	query  []argument
	field  []argument      // header fields and cookies
	body   any             // a value to encode; nil if media is ""
	media  string          // media type of the body, "" for none
	schema *openapi.Schema // of the body, nil if none is described
}

// argument is a parameter with its value.
type argument struct {
	*openapi.Parameter
	value any
}

// clone returns a copy whose changes do not show in the original.
func (c *call) clone() *call {
	copied := *c
	copied.path = maps.Clone(c.path)
	copied.query = slices.Clone(c.query)
	copied.field = slices.Clone(c.field)
	copied.body = cloneValue(c.body)
	return &copied
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		copied := make(map[string]any, len(v))
		for name, member := range v {
			copied[name] = cloneValue(member)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i := range v {
			copied[i] = cloneValue(v[i])
		}
		return copied
	}
	return v
}

// with returns a copy of the arguments in which the parameter has that value.
func with(args []argument, p *openapi.Parameter, value any) []argument {
	args = slices.Clone(args)
	for i := range args {
		if args[i].Name == p.Name {
			args[i].value = value
			return args
		}
	}
	return append(args, argument{p, value})
}

// without returns a copy of the arguments that lacks the parameter.
func without(args []argument, name string) []argument {
	return slices.DeleteFunc(slices.Clone(args), func(a argument) bool { return a.Name == name })
}

// request writes the call down, with the principal's credentials.
func (r *run) request(c *call, who statute.Principal) statute.Request {
	var content []byte
	media := c.media
	if media != "" {
		content, media = c.content()
	}
	fields := acceptOf(c.op)
	var cookies []string
	for _, a := range c.field {
		if a.In == "cookie" {
			cookies = append(cookies, a.Name+"="+strings.Join(texts(a.value), ","))
			continue
		}
		fields = append(fields, statute.Field{Name: a.Name, Value: strings.Join(texts(a.value), ",")})
	}
	if len(cookies) > 0 {
		fields = append(fields, statute.Field{Name: "Cookie", Value: strings.Join(cookies, "; ")})
	}
	return r.raw(c.op.Method, r.target(c), fields, content, media, who)
}

// raw puts a request together from its parts. The field lines given come before
// those that every request has. A media type of "" means no content.
func (r *run) raw(method, target string, fields statute.Fields, content []byte, media string, who statute.Principal) statute.Request {
	lines := statute.Fields{{Name: "Host", Value: r.client.Authority}}
	lines = append(lines, fields...)
	for _, f := range append(slices.Clone(r.Fields), statute.Field{Name: "User-Agent", Value: "statute"}, statute.Field{Name: "Accept", Value: "*/*"}) {
		if !lines.Has(f.Name) {
			lines = append(lines, f)
		}
	}
	target, lines = r.identify(target, lines, who)
	if media != "" {
		lines = append(lines, statute.Field{Name: "Content-Type", Value: media},
			statute.Field{Name: "Content-Length", Value: strconv.Itoa(len(content))})
	} else if method == "POST" || method == "PUT" || method == "PATCH" {
		lines = append(lines, statute.Field{Name: "Content-Length", Value: "0"})
	}
	return statute.Request{
		Method: method, Target: target, Fields: lines,
		Body: statute.Body{Bytes: content, Size: int64(len(content))},
	}
}

// acceptOf returns the Accept field for an operation: JSON where the
// description promises it for a success, else what it promises there; where that
// is nothing, JSON if failures have it.
func acceptOf(op *operation) statute.Fields {
	var types []string
	json, failsInJSON := false, false
	for _, response := range op.Responses {
		succeeds := strings.HasPrefix(response.Code, "2")
		for _, media := range response.Content {
			switch t := statute.MediaType(media.Type); {
			case succeeds && statute.IsJSON(t):
				json = true
			case succeeds && t != "" && !slices.Contains(types, t):
				types = append(types, t)
			case !succeeds && statute.IsJSON(t):
				failsInJSON = true
			}
		}
	}
	switch {
	case json || failsInJSON && types == nil:
		return statute.Fields{{Name: "Accept", Value: "application/json"}}
	case types == nil:
		return nil
	}
	return statute.Fields{{Name: "Accept", Value: strings.Join(types, ", ")}}
}

// target returns the request target of a call.
func (r *run) target(c *call) string {
	target := r.path(c.op.Path, c.path)
	if r.Description == nil {
		target = r.Base.RequestURI()
	}
	var pairs []string
	for _, a := range c.query {
		pairs = append(pairs, queryPairs(a)...)
	}
	return addQuery(target, strings.Join(pairs, "&"))
}

// path returns the path of a template below the base, each parameter replaced
// by its value.
func (r *run) path(template string, params map[string]string) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(r.Base.EscapedPath(), "/"))
	for rest := template; rest != ""; {
		before, after, ok := strings.Cut(rest, "{")
		b.WriteString((&url.URL{Path: before}).EscapedPath())
		if !ok {
			break
		}
		name, after, _ := strings.Cut(after, "}")
		b.WriteString(url.PathEscape(params[name]))
		rest = after
	}
	return b.String()
}

func addQuery(target, query string) string {
	switch {
	case query == "":
		return target
	case strings.Contains(target, "?"):
		return target + "&" + query
	}
	return target + "?" + query
}

// queryPairs serialises a query argument (OpenAPI, style values).
func queryPairs(a argument) []string {
	name := url.QueryEscape(a.Name)
	switch value := a.value.(type) {
	case []any:
		words := texts(value)
		for i := range words {
			words[i] = url.QueryEscape(words[i])
		}
		switch {
		case a.Style == "spaceDelimited":
			return []string{name + "=" + strings.Join(words, "%20")}
		case a.Style == "pipeDelimited":
			return []string{name + "=" + strings.Join(words, "%7C")}
		case !a.Explode:
			return []string{name + "=" + strings.Join(words, ",")}
		}
		for i := range words {
			words[i] = name + "=" + words[i]
		}
		return words
	case map[string]any:
		var pairs []string
		for _, key := range slices.Sorted(maps.Keys(value)) {
			switch {
			case a.Style == "deepObject":
				pairs = append(pairs, name+"["+url.QueryEscape(key)+"]="+url.QueryEscape(text(value[key])))
			case a.Explode:
				pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(text(value[key])))
			default:
				pairs = append(pairs, url.QueryEscape(key)+","+url.QueryEscape(text(value[key])))
			}
		}
		if a.Style != "deepObject" && !a.Explode {
			return []string{name + "=" + strings.Join(pairs, ",")}
		}
		return pairs
	}
	return []string{name + "=" + url.QueryEscape(text(a.value))}
}

// texts returns the texts of a list, or of the one value.
func texts(value any) []string {
	list, ok := value.([]any)
	if !ok {
		return []string{text(value)}
	}
	words := make([]string, len(list))
	for i := range list {
		words[i] = text(list[i])
	}
	return words
}

// text writes a value as it stands in a path, a query or a field: lists and
// objects as JSON.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case map[string]any, []any:
		b, _ := json.Marshal(value)
		return string(b)
	}
	return fmt.Sprint(value)
}

// content writes the call's content, and returns the Content-Type with what the
// encoding adds to it.
func (c *call) content() ([]byte, string) {
	object, isObject := c.body.(map[string]any)
	switch t := statute.MediaType(c.media); {
	case t == "multipart/form-data" && isObject:
		return parts(object, c.schema)
	case isXML(t):
		return document(c.body, c.schema), c.media
	}
	return encodeBody(c.body, c.media)
}

// encodeBody writes content of a media type, and returns the Content-Type with
// what the encoding adds to it.
func encodeBody(value any, media string) ([]byte, string) {
	object, isObject := value.(map[string]any)
	switch t := statute.MediaType(media); {
	case t == "application/x-www-form-urlencoded" && isObject:
		form := url.Values{}
		for name, member := range object {
			form[name] = texts(member)
		}
		return []byte(form.Encode()), media
	case t == "multipart/form-data" && isObject:
		return parts(object, nil)
	case !statute.IsJSON(t):
		if s, ok := value.(string); ok {
			return []byte(s), media
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(value)
	return bytes.TrimRight(b.Bytes(), "\n"), media
}

// parts writes a form whose members may be files (RFC 7578), the names spelt as
// browsers do: in quotes, and the name before that of the file.
func parts(object map[string]any, s *openapi.Schema) ([]byte, string) {
	escape := strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.SetBoundary("statute-part") // the same each time: two like requests are the same
	for _, name := range slices.Sorted(maps.Keys(object)) {
		member := memberOf(s, name)
		if member != nil && member.Items != nil {
			member = member.Items
		}
		for _, value := range texts(object[name]) {
			header := textproto.MIMEHeader{}
			disposition := `form-data; name="` + escape.Replace(name) + `"`
			switch {
			case member != nil && member.Format == "binary":
				file, media := "statute.txt", "text/plain"
				if strings.HasPrefix(value, picture[:4]) {
					file, media = "statute.png", "image/png"
				}
				disposition += `; filename="` + file + `"`
				header.Set("Content-Type", media)
			case member != nil && kind(member) == "object":
				header.Set("Content-Type", "application/json")
			}
			header.Set("Content-Disposition", disposition)
			part, err := w.CreatePart(header)
			if err == nil {
				io.WriteString(part, value)
			}
		}
	}
	w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// memberOf returns the schema of an object's member, nil if none is described.
func memberOf(s *openapi.Schema, name string) *openapi.Schema {
	if s == nil {
		return nil
	}
	for _, p := range s.Properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// isForm reports whether a media type is that of a form.
func isForm(media string) bool {
	t := statute.MediaType(media)
	return t == "application/x-www-form-urlencoded" || t == "multipart/form-data"
}

// writable returns the media of a body that Statute can write, JSON first.
func writable(b *openapi.Body) []openapi.Media {
	if b == nil {
		return nil
	}
	var all []openapi.Media
	for _, wanted := range []func(t string) bool{
		statute.IsJSON,
		isForm,
		isXML,
		func(t string) bool { return strings.HasPrefix(t, "text/") || strings.HasPrefix(t, "image/") },
		func(t string) bool { return t == "application/octet-stream" || strings.HasSuffix(t, "yaml") },
	} {
		for _, m := range b.Content {
			t := statute.MediaType(m.Type)
			if t == "*/*" || t == "application/*" {
				m.Type, t = "application/json", "application/json"
			}
			if wanted(t) && !slices.ContainsFunc(all, func(a openapi.Media) bool { return a.Type == m.Type }) {
				all = append(all, m)
			}
		}
	}
	return all
}
