package cli

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/wire"
)

// Bounds of what is sent and shown.
const (
	maxSent  = 64 << 20 // bytes of content
	maxShown = 16 << 10 // bytes of content
)

// send returns the command that sends one request.
func (a *app) send() *cobra.Command {
	var (
		fields, auth []string
		data, asJSON string
		as           string
		two, three   bool
		timeout      time.Duration
		out          output
	)
	cmd := &cobra.Command{
		Use:   "send [METHOD] URL",
		Short: "Send one request, show what came over the wire, and judge it",
		Long: `Sends one request over HTTP/1.1, shows the answer as it came over the wire, only
its content without gzip and deflate, and judges it. No redirect is followed and
nothing is sent twice. --http2 and --http3 send it over that version and no other.

Without a METHOD it sends a GET, or a POST where there is content. Content that is
JSON is sent as application/json, any other as a form; -H 'Content-Type: ...' says
otherwise. With -H 'Transfer-Encoding: chunked' it goes in chunks, with
-H 'Expect: 100-continue' after the server has asked for it or a second has passed.

Values may hold $VARIABLE, or be @FILE, so that no secret stands in a process
list. What was given by --auth and --as does not show in what is printed, nor do
secrets that the answer holds.`,
		Example: `  statute send http://127.0.0.1:8080/orders/17
  statute send http://127.0.0.1:8080/orders -d '{"item":1}' --auth 'Authorization: Bearer $TOKEN'
  statute send PUT http://127.0.0.1:8080/orders/17 -d @order.json --as admin`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := out.configured(cmd.Flags())
			if err != nil {
				return err
			}
			if timeout <= 0 {
				return errors.New("--timeout: it must be more than nothing")
			}
			address, err := parseURL(args[len(args)-1])
			if err != nil {
				return hint(err, "statute send http://127.0.0.1:8080/orders --auth 'Authorization: Bearer $TOKEN'")
			}
			l, err := parseLogin(fields, auth)
			if err != nil {
				return err
			}
			id, warnings, err := l.byName("as", as, file)
			if err != nil {
				return err
			}
			if id.login != nil || id.certificate != nil {
				return hint(fmt.Errorf("--as %s: these credentials are no header fields, parameters or cookies, which is all that send sends", as), "statute check --as %s", word(as))
			}
			l.credentials = append(l.credentials, id.credentials...)
			redactor := a.console.keep(l.secrets())
			for _, warning := range warnings {
				a.console.say("%s", warning)
			}
			x := &statute.Exchange{Request: l.request(address)}
			method := "GET"
			if changed := cmd.Flags().Changed; changed("data") || changed("json") {
				method = "POST"
				if err := attach(&x.Request, data+asJSON, changed("json"), cmd.InOrStdin()); err != nil {
					return err
				}
			}
			if len(args) == 2 {
				method = args[0]
			}
			if !token.MatchString(method) {
				return hint(fmt.Errorf("%q is no method", method), "statute send POST %s", word(address))
			}
			x.Request.Method = method
			switch {
			case two:
				x.Request.Proto = "HTTP/2"
			case three:
				x.Request.Proto = "HTTP/3"
			}
			complete(&x.Request)
			ctx, done := a.interruptible()
			defer done()
			if err := wire.Send(ctx, address, timeout, x); err != nil {
				return hint(fmt.Errorf("cannot reach %s: %w", address.Host, err), "%s %s", curl(x.Request.Proto), word(address))
			}
			if x.Response.Status == 0 {
				return hint(fmt.Errorf("%s gives no answer: %s", address.Host, x.Error), "%s %s", curl(x.Request.Proto), word(address))
			}
			judge := newJudging(file, nil)
			judge.redactor = redactor
			judge.see(x)
			run := &report.Run{Target: address.String(), Elapsed: x.Took, Credentials: l.named()}
			run.Count(x)
			judge.finish(run, true)
			if out.format == "text" {
				err = errors.Join(a.show(x, run), out.save(run))
			} else {
				err = a.write(run, &out)
			}
			if err != nil {
				return err
			}
			return out.gate(run)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&data, "data", "d", "", "`content` to send, @FILE, or @- for standard input")
	f.StringVar(&asJSON, "json", "", "`content` to send as JSON, asking for JSON in return")
	f.StringArrayVarP(&fields, "header", "H", nil, "`field` to send: 'Name: value'")
	f.StringArrayVar(&auth, "auth", nil, "`credential`: 'Name: value', or '?name=value' for one in the query")
	f.StringVar(&as, "as", "", "`name` of credentials in statute.yaml")
	f.BoolVar(&two, "http2", false, "send it over HTTP/2; without TLS by prior knowledge")
	f.BoolVar(&three, "http3", false, "send it over HTTP/3, to the same port")
	f.DurationVar(&timeout, "timeout", 10*time.Second, "`time` for the whole exchange")
	out.gateFlag(f)
	out.flags(f)
	configFlag(f)
	cmd.MarkFlagsMutuallyExclusive("data", "json")
	cmd.MarkFlagsMutuallyExclusive("http2", "http3")
	return cmd
}

// curl returns the beginning of a curl command that speaks a version of HTTP.
func curl(proto string) string {
	switch proto {
	case "HTTP/2":
		return "curl -i --http2-prior-knowledge"
	case "HTTP/3":
		return "curl -i --http3-only"
	}
	return "curl -i"
}

// request returns a request for an address with the header fields and
// credentials of a login; it lacks its method.
func (l *login) request(address *url.URL) statute.Request {
	at := *address
	for _, v := range l.credentials {
		if v.In == "query" {
			pair := url.QueryEscape(v.Name) + "=" + url.QueryEscape(v.Value)
			at.RawQuery = strings.TrimPrefix(at.RawQuery+"&"+pair, "&")
		}
	}
	return statute.Request{Target: at.RequestURI(), Fields: append(statute.Fields{{Name: "Host", Value: at.Host}}, l.header()...)}
}

// attach adds content, given as @FILE, as @- or itself, and fields that describe
// it where the user has not.
func attach(r *statute.Request, data string, asJSON bool, stdin io.Reader) error {
	content := []byte(data)
	if name, ok := strings.CutPrefix(data, "@"); ok {
		in := stdin
		if name != "-" {
			file, err := os.Open(name)
			if err != nil {
				return hint(fmt.Errorf("reading the content: %w", err), "statute send --help")
			}
			defer file.Close()
			in = file
		}
		var err error
		if content, err = io.ReadAll(io.LimitReader(in, maxSent+1)); err != nil {
			return fmt.Errorf("reading the content: %w", err)
		}
		if len(content) > maxSent {
			return fmt.Errorf("reading the content: more than %d bytes", maxSent)
		}
	}
	media := "application/x-www-form-urlencoded"
	if asJSON || json.Valid(content) {
		media = "application/json"
	}
	add(r, "Content-Type", media)
	if asJSON {
		add(r, "Accept", media)
	}
	if !r.Fields.Has("Transfer-Encoding") {
		add(r, "Content-Length", strconv.Itoa(len(content)))
	}
	r.Body = statute.Body{Bytes: content, Size: int64(len(content))}
	return nil
}

// complete adds the fields that every request has, or every one that usually has
// content.
func complete(r *statute.Request) {
	add(r, "User-Agent", "statute")
	add(r, "Accept", "*/*")
	if (r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH") && !r.Fields.Has("Transfer-Encoding") {
		add(r, "Content-Length", "0")
	}
}

// add adds a field if there is none of that name.
func add(r *statute.Request, name, value string) {
	if !r.Fields.Has(name) {
		r.Fields = append(r.Fields, statute.Field{Name: name, Value: value})
	}
}

// show prints an answer as it came, without secrets, and below it the findings.
func (a *app) show(x *statute.Exchange, run *report.Run) error {
	x = run.Redactor.Exchange(x)
	w := bufio.NewWriter(a.stdout)
	for i := range x.Interim {
		showHead(w, &x.Interim[i])
	}
	showHead(w, &x.Response)
	showContent(w, x.Response.Body, x.Response.MediaType())
	for _, f := range x.Response.Trailer {
		fmt.Fprintln(w, report.Escape(f.Name+": "+f.Value))
	}
	if x.Error != "" {
		fmt.Fprintf(w, "(%s)\n", report.Escape(x.Error))
	}
	if len(run.Verdict.Findings) == 0 {
		fmt.Fprint(w, "\nno findings\n")
	}
	for _, f := range run.Verdict.Findings {
		likely := ""
		if f.Confidence == statute.Likely {
			likely = " (likely)"
		}
		fmt.Fprintf(w, "\n%-6s  %s%s  %s\n", f.Level, report.Escape(run.Redactor.Text(f.Message)), likely, f.Rule.ID)
		if len(f.Rule.Cite) > 0 {
			fmt.Fprintf(w, "        %s  %s\n", f.Rule.Cite[0], f.Rule.Cite[0].URL())
		}
		if fix := f.Rule.Fix(); fix != "" {
			fmt.Fprintln(w, wrap(fix, "        "))
		}
	}
	return w.Flush()
}

// showHead prints a status line, field lines and the empty line after them.
func showHead(w io.Writer, r *statute.Response) {
	fmt.Fprintln(w, report.Escape(strings.TrimSpace(fmt.Sprintf("%s %03d %s", r.Proto, r.Status, r.Reason))))
	for _, f := range r.Fields {
		fmt.Fprintln(w, report.Escape(f.Name+": "+f.Value))
	}
	fmt.Fprintln(w)
}

// showContent prints the beginning of content that is text, and says of any
// other what it is.
func showContent(w io.Writer, b statute.Body, media string) {
	if b.Empty() {
		return
	}
	size := max(b.Size, int64(len(b.Bytes)))
	shown := b.Bytes[:min(len(b.Bytes), maxShown)]
	text := strings.ToValidUTF8(string(shown), "")
	if len(shown)-len(text) >= utf8.UTFMax || strings.Contains(text, "\x00") {
		fmt.Fprintf(w, "(%d bytes of %s)\n", size, report.Escape(cmp.Or(media, "an unknown type")))
		return
	}
	for line := range strings.Lines(text) {
		columns := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		for i := range columns {
			columns[i] = report.Escape(columns[i])
		}
		fmt.Fprintln(w, strings.Join(columns, "\t"))
	}
	if len(shown) < len(b.Bytes) || b.Cut {
		fmt.Fprintf(w, "(the first %d of %d bytes)\n", len(shown), size)
	}
}
