package check

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute/internal/openapi"
)

// maxDepth bounds how deep values nest; schemas may contain themselves.
const maxDepth = 5

// values makes values that a schema allows: first what the user and the
// description give, then what the type, the format and the name suggest.
type values struct {
	given  map[string]string // by the user, by name
	tag    string            // makes this run's values differ from those of others
	serial int
	drawn  map[string]bool // ids for what is made, beside those that hold a fresh word
	budget int             // values that may still be made for the body in work
	now    time.Time
}

// serialLength is the length of a fresh word behind the tag: all are of one
// length, so that one can take another's place.
const serialLength = 3

// fresh returns a short word that was not used before.
func (v *values) fresh() string {
	v.serial++
	return v.tag + fmt.Sprintf("%0*s", serialLength, strconv.FormatInt(int64(v.serial)%(36*36*36), 36))
}

// madeUUID is the middle of the UUIDs that a run makes up.
const madeUUID = "-0000-4000-8000-"

// madeNumber is what the numbers begin behind that a run makes up.
const madeNumber = 98_765_000

// drew reports whether the run made up a value: nobody else has it.
func (v *values) drew(text string) bool { return v.drawn[text] || v.marks(text) }

// sole reports whether nobody can have had a value before the run, by its look:
// it holds a fresh word, or is a number or a UUID that the run made up.
func (v *values) sole(text string) bool {
	n, err := strconv.Atoi(text)
	return v.marks(text) || v.drawn[text] && (strings.Contains(text, madeUUID) || err == nil && n > madeNumber && n <= madeNumber+v.serial)
}

// draw keeps an id that the run makes up.
func (v *values) draw(id string) string {
	if v.drawn == nil {
		v.drawn = map[string]bool{}
	}
	v.drawn[id] = true
	return id
}

// marks reports whether a text holds a fresh word of the run.
func (v *values) marks(text string) bool {
	text = strings.ToLower(text)
	for v.tag != "" {
		at := strings.Index(text, v.tag)
		if at < 0 || len(text) < at+len(v.tag)+serialLength {
			return false
		}
		text = text[at+len(v.tag):]
		if serial, err := strconv.ParseInt(text[:serialLength], 36, 64); err == nil && serial > 0 && serial <= int64(v.serial) {
			return true
		}
	}
	return false
}

// unmarked returns a text without what makes it differ from others of the run.
func (v *values) unmarked(text string) string {
	if before, _, ok := strings.Cut(text, madeUUID); ok {
		return before
	}
	for {
		at := strings.Index(text, v.tag)
		if at < 0 || v.tag == "" {
			return text
		}
		text = text[:at] + text[min(len(text), at+len(v.tag)+serialLength):]
	}
}

// candidates returns values for a named place, the most promising first. Words
// of an error about the place may be given: they lead the choice.
func (v *values) candidates(name string, s *openapi.Schema, words string) []any {
	if given, ok := v.given[name]; ok {
		return []any{typed(given, s)}
	}
	var all []any
	add := func(more ...any) {
		for _, value := range more {
			if !slices.ContainsFunc(all, func(a any) bool { return same(a, value) }) {
				all = append(all, value)
			}
		}
	}
	if words != "" && len(s.Enum) == 0 {
		add(v.led(name, s, words)...)
	}
	add(s.Examples...)
	if s.Default != nil {
		add(s.Default)
	}
	add(s.Enum...)
	if len(s.Enum) > 0 {
		return all
	}
	switch kind(s) {
	case "string":
		add(v.text(name, s)...)
	case "integer", "number":
		add(v.number(name, s))
	case "boolean":
		add(true, false)
	}
	return all
}

// maxValues bounds how many values one body holds.
const maxValues = 2000

// make makes a value of the schema.
func (v *values) make(name string, s *openapi.Schema) any {
	v.budget = maxValues
	return v.build(name, s, 0)
}

// build makes a value within the budget: with an object's required members alone,
// an array's one item.
func (v *values) build(name string, s *openapi.Schema, depth int) any {
	if s == nil {
		return map[string]any{}
	}
	if v.budget--; v.budget < 0 || depth > maxDepth {
		return nil
	}
	if given := v.candidates(name, s, ""); len(given) > 0 {
		return given[0]
	}
	if len(s.AnyOf) > 0 && len(s.Properties) == 0 {
		return v.build(name, s.AnyOf[0], depth+1)
	}
	switch kind(s) {
	case "object":
		object := map[string]any{}
		if depth >= maxDepth {
			return object
		}
		for _, p := range s.Properties {
			if slices.Contains(s.Required, p.Name) && !p.Schema.ReadOnly {
				object[p.Name] = v.build(p.Name, p.Schema, depth+1)
			}
		}
		if len(s.Properties) == 0 && s.Additional != nil { // a map: an empty one says little
			object["statute"] = v.build("", s.Additional, depth+1)
		}
		return object
	case "array":
		if depth >= maxDepth || s.Items == nil {
			return []any{}
		}
		n := 1
		if s.MinItems != nil {
			n = max(1, min(*s.MinItems, 10))
		}
		array := make([]any, n)
		for i := range array {
			array[i] = v.build(strings.TrimSuffix(name, "s"), s.Items, depth+1)
		}
		return array
	case "null":
		return nil
	}
	return v.word(s)
}

// kind returns the first type that a value of the schema may have, "null"
// last; "" if the schema says nothing.
func kind(s *openapi.Schema) string {
	if s == nil {
		return ""
	}
	for _, t := range s.Types {
		if t != "null" {
			return t
		}
	}
	switch {
	case len(s.Types) > 0:
		return "null"
	case len(s.Properties) > 0:
		return "object"
	case s.Items != nil:
		return "array"
	case s.Pattern != "" || s.Format != "" || s.MaxLength != nil:
		return "string"
	case s.Minimum != nil || s.Maximum != nil:
		return "number"
	}
	return ""
}

// typed reads a text that the user gave as the type that the schema wants.
func typed(text string, s *openapi.Schema) any {
	switch kind(s) {
	case "integer":
		var n int64
		if _, err := fmt.Sscan(text, &n); err == nil {
			return n
		}
	case "number":
		var n float64
		if _, err := fmt.Sscan(text, &n); err == nil {
			return n
		}
	case "boolean":
		return text == "true"
	}
	return text
}

// number returns a number within the schema's bounds.
func (v *values) number(name string, s *openapi.Schema) any {
	low, high := math.Inf(-1), math.Inf(1)
	if s.Minimum != nil {
		low = *s.Minimum
	}
	if s.ExclusiveMinimum != nil {
		low = max(low, *s.ExclusiveMinimum+1)
	}
	if s.Maximum != nil {
		high = *s.Maximum
	}
	if s.ExclusiveMaximum != nil {
		high = min(high, *s.ExclusiveMaximum-1)
	}
	n := 1.0
	switch {
	case nameHas(name, "timeout", "duration", "interval", "ttl", "size", "port"):
		n = 60
	case nameHas(name, "until", "expires", "expiry", "expiration", "deadline"): // a time, in seconds
		n = float64(v.now.Add(24 * time.Hour).Unix())
	case nameHas(name, "timestamp", "epoch"):
		n = float64(v.now.Unix())
	}
	n = min(max(n, low), high)
	if step := s.MultipleOf; step > 0 {
		n = math.Ceil(n/step) * step
	}
	if kind(s) == "integer" || n == math.Trunc(n) {
		return int64(n)
	}
	return n
}

// text returns strings that the schema allows, as far as Statute can tell.
func (v *values) text(name string, s *openapi.Schema) []any {
	if value := v.format(name, s.Format); value != "" {
		return []any{value}
	}
	if s.Pattern != "" {
		if value, ok := v.match(s, ""); ok {
			return []any{value}
		}
	}
	var all []any
	for _, quoted := range quotedExamples(s.Description) {
		all = append(all, quoted)
	}
	if known := v.wellKnown(name); len(known) > 0 {
		for _, value := range known {
			all = append(all, value)
		}
		return append(all, v.word(s))
	}
	if format := nameFormat(name); format != "" {
		return append([]any{v.format(name, format), v.word(s)}, all...)
	}
	all = append([]any{v.word(s)}, all...)
	for _, format := range []string{"fqdn", "hostname", "ipv4", "email", "uri", "uuid", "date-time", "digits", "byte"} {
		all = append(all, v.format(name, format))
	}
	return all
}

// word returns a fresh word of a length that the schema allows.
func (v *values) word(s *openapi.Schema) string { return fit("statute"+v.fresh(), s) }

// fit brings a text to a length that the schema allows.
func fit(text string, s *openapi.Schema) string {
	if s.MinLength != nil && len(text) < *s.MinLength && *s.MinLength < 10_000 {
		text += strings.Repeat("x", *s.MinLength-len(text))
	}
	if s.MaxLength != nil && len(text) > *s.MaxLength && *s.MaxLength >= 0 {
		text = text[len(text)-*s.MaxLength:]
	}
	return text
}

// format returns a text of a format of JSON Schema or OpenAPI, and of a few
// more that APIs want without saying so; "" for one that it does not know.
func (v *values) format(name, format string) string {
	at := v.now
	if nameHas(name, "end", "ends", "until", "expire", "expires", "expiry", "due", "to", "before", "finish", "stop", "deadline") {
		at = at.Add(24 * time.Hour)
	}
	switch format {
	case "date-time":
		return at.UTC().Format(time.RFC3339)
	case "date":
		return at.UTC().Format(time.DateOnly)
	case "time":
		return at.UTC().Format("15:04:05Z")
	case "duration":
		return "PT1H"
	case "email", "idn-email":
		return "statute" + v.fresh() + "@example.com"
	case "uri", "url", "iri", "uri-reference":
		return "https://example.com/statute" + v.fresh()
	case "hostname", "idn-hostname":
		return "statute" + v.fresh() + ".example.com"
	case "fqdn": // with the dot at its end
		return "statute" + v.fresh() + ".example.com."
	case "ipv4", "ip":
		return "192.0.2.1"
	case "ipv6":
		return "2001:db8::1"
	case "uuid":
		v.serial++
		return v.draw(fmt.Sprintf("%08x"+madeUUID+"%012x", v.now.Unix()&0xffffffff, v.serial))
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte("statute"))
	case "picture":
		return picture
	case "binary":
		if nameHas(name, "image", "picture", "photo", "avatar", "icon", "logo", "thumbnail", "cover") {
			return picture
		}
		return "statute " + v.fresh() + "\n"
	case "password":
		return "Statute-" + v.fresh() + "-pass"
	case "digits":
		return "1"
	}
	return ""
}

// picture is the smallest PNG: one transparent pixel.
const picture = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"

// nameFormat guesses the format of a text from the name of its place.
func nameFormat(name string) string {
	for _, guess := range []struct {
		format string
		words  []string
	}{
		{"email", []string{"email", "mail"}},
		{"uri", []string{"url", "uri", "href", "website", "webhook", "homepage", "callback"}},
		{"ipv4", []string{"ip", "ipv4"}},
		{"uuid", []string{"uuid", "guid"}},
		{"hostname", []string{"host", "hostname", "domain"}},
		{"password", []string{"password", "passwd"}},
		{"date", []string{"date", "birthday"}},
		{"date-time", []string{"timestamp", "datetime", "time"}},
	} {
		if nameHas(name, guess.words...) {
			return guess.format
		}
	}
	return ""
}

// wellKnown returns values that many APIs take for a name.
func (v *values) wellKnown(name string) []string {
	switch {
	case nameHas(name, "algorithm", "alg"):
		return []string{"hmac-sha256", "HS256", "RS256", "sha256"}
	case nameHas(name, "currency"):
		return []string{"EUR", "USD"}
	case nameHas(name, "country"):
		return []string{"DE", "US"}
	case nameHas(name, "language", "lang", "locale"):
		return []string{"en", "en-US"}
	case nameHas(name, "timezone", "tz"):
		return []string{"UTC"}
	case nameHas(name, "color", "colour"):
		return []string{"#336699", "blue"}
	case nameHas(name, "phone", "mobile", "tel"):
		return []string{"+4930123456", "+12025550123"}
	case nameHas(name, "version"):
		return []string{"1.0.0", "1"}
	case nameHas(name, "kind", "type"): // where there is no enum, names of one's own often begin so
		return []string{"X-Statute" + v.fresh()}
	}
	return nil
}

// led returns values for the words of an error: "must be a valid e-mail
// address", "must be one of: a, b", "should be at least 10".
func (v *values) led(name string, s *openapi.Schema, words string) []any {
	switch kind(s) {
	case "integer", "number":
		words = strings.ToLower(words)
		if strings.Contains(words, "in the past") || strings.Contains(words, "in the future") {
			return []any{v.number("until", s)}
		}
		if n, ok := boundTold(words); ok {
			return []any{v.number("", &openapi.Schema{Types: s.Types, Minimum: &n, Maximum: &n})}
		}
		return nil
	case "string", "":
	default:
		return nil
	}
	all := choicesTold(words)
	if value := v.patternTold(words); value != "" {
		all = append(all, value)
	}
	words = strings.ToLower(words)
	if strings.Contains(words, "in the past") || strings.Contains(words, "in the future") || strings.Contains(words, "expired") {
		later := v.now.Add(24 * time.Hour).UTC()
		all = append(all, strconv.FormatInt(later.Unix(), 10), later.Format(time.RFC3339), later.Format(time.DateOnly))
	}
	if layout := layoutTold(words); layout != "" {
		all = append(all, v.now.UTC().Format(layout))
	}
	for _, lead := range []struct{ word, format string }{
		{"mail", "email"},
		{"uuid", "uuid"},
		{"guid", "uuid"},
		{"canonical", "fqdn"},
		{"trailing dot", "fqdn"},
		{"fqdn", "fqdn"},
		{"hostname", "hostname"},
		{"domain", "hostname"},
		{"dns", "fqdn"},
		{"ip address", "ipv4"},
		{"ipv4", "ipv4"},
		{"url", "uri"},
		{"uri", "uri"},
		{"rfc3339", "date-time"},
		{"rfc 3339", "date-time"},
		{"iso8601", "date-time"},
		{"iso 8601", "date-time"},
		{"date-time", "date-time"},
		{"datetime", "date-time"},
		{"timestamp", "date-time"},
		{"valid date", "date"},
		{"base64", "byte"},
		{"image", "picture"},
	} {
		if strings.Contains(words, lead.word) {
			all = append(all, v.format("", lead.format))
		}
	}
	if strings.Contains(words, "integer") || strings.Contains(words, "number") {
		all = append(all, text(v.number(name, &openapi.Schema{Types: []string{"integer"}})))
	}
	if m := lengthTold.FindStringSubmatch(words); m != nil {
		if n, err := strconv.Atoi(cmp.Or(m[2], m[3])); err == nil && n < 1000 {
			bound := &openapi.Schema{MinLength: &n}
			if strings.Contains(m[1], "most") || strings.Contains(m[1], "max") || strings.Contains(m[1], "longer") || strings.Contains(m[1], "exceed") || strings.Contains(m[1], "more") || strings.Contains(m[1], "up") {
				bound = &openapi.Schema{MaxLength: &n}
			}
			all = append(all, v.word(bound))
		}
	}
	return all
}

// choicesTold returns the values that an error lists as those it would take: in
// brackets, in quotes, or behind a colon.
func choicesTold(words string) []any {
	at := choosing.FindStringIndex(words)
	if at == nil {
		return nil
	}
	weak := strings.HasSuffix(strings.ToLower(words[at[0]:at[1]]), " be") // "must be valid" lists nothing
	rest := words[at[1]:min(len(words), at[1]+300)]
	if m := bracketed.FindStringSubmatch(rest); m != nil {
		rest = m[1]
	} else if all := inQuotes.FindAllStringSubmatch(rest, 20); all != nil {
		rest = ""
		for _, m := range all {
			rest += m[1] + ","
		}
	} else if _, listed, ok := strings.Cut(rest, ":"); ok {
		rest, _, _ = strings.Cut(listed, "\n")
	} else if weak {
		return nil
	}
	var all []any
	for choice := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune(" ,|/'\"`“”‘’[](){}:;\n", r) }) {
		choice = strings.TrimRight(choice, ".")
		if !slices.Contains([]string{"", "or", "and", "of", "the", "following", "one", "values", "value", "class", "is", "are"}, choice) {
			all = append(all, choice)
		}
	}
	return all
}

// patternTold returns a text that the pattern matches that an error tells.
func (v *values) patternTold(words string) string {
	if m := patterned.FindStringSubmatch(words); m != nil {
		if value, ok := v.match(&openapi.Schema{Pattern: m[1]}, ""); ok {
			return value
		}
	}
	return ""
}

// layoutTold returns the layout of the date that an error asks for: written as
// yyyy-mm-dd, or as an example in Go's own way.
func layoutTold(words string) string {
	m := dateTold.FindString(words)
	if m == "" {
		return ""
	}
	day, clock, _ := strings.Cut(m, "hh")
	day = strings.NewReplacer("yyyy", "2006", "mm", "01", "dd", "02", "'t'", "T", "t", "T").Replace(day)
	if clock == "" {
		return day
	}
	return day + strings.NewReplacer("mm", "04", "ss", "05", "z", "Z").Replace("15"+clock)
}

// boundTold returns a number that an error's words allow: "at least 10",
// "greater than 5", "between 1 and 5".
func boundTold(words string) (float64, bool) {
	m := numberTold.FindStringSubmatch(words)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[2], 64)
	if err != nil {
		return 0, false
	}
	switch {
	case strings.Contains(m[1], "equal"), m[1] == ">=", m[1] == "<=":
	case strings.Contains(m[1], "greater"), strings.Contains(m[1], "more"), strings.Contains(m[1], "above"), m[1] == ">":
		n++
	case strings.Contains(m[1], "less"), strings.Contains(m[1], "below"), strings.Contains(m[1], "smaller"), m[1] == "<":
		n--
	}
	return n, true
}

var (
	choosing   = regexp.MustCompile(`(?i)\b(?:one of|either|allowed|permitted|possible|accepted|supported|available|expected|choose from|choices|in the list|enum|(?:must|should|has to|can only) be)\b`)
	bracketed  = regexp.MustCompile(`^[^'"` + "`" + `]{0,60}?[\[({]([^\])}]{1,200})[\])}]`)
	inQuotes   = regexp.MustCompile("['\"`“‘]([^'\"`”’]{1,100})['\"`”’]")
	patterned  = regexp.MustCompile("(?i)(?:match|pattern|regex)[a-z :]{0,30}['\"`/]([^'\"`]{2,100}?)['\"`/](?:\\s|$|[.,;)])")
	dateTold   = regexp.MustCompile(`(?:yyyy|mm|dd)[-/.](?:yyyy|mm|dd)[-/.](?:yyyy|mm|dd)(?:(?:t|'t'| )hh:mm(?::ss)?z?)?`)
	numberTold = regexp.MustCompile(`(greater than or equal to|less than or equal to|greater than|less than|more than|at least|at most|above|below|smaller than|minimum(?: value)?(?: is| of)?|maximum(?: value)?(?: is| of)?|between|>=|<=|>|<):? ?(-?[0-9]+(?:\.[0-9]+)?)`)
	lengthTold = regexp.MustCompile(`(at least|at most|no more than|up to|minimum(?: length)?(?: is| of)?|maximum(?: length)?(?: is| of)?|longer than|exceed|max|min)[a-z ]{0,20}:? ?(?:([0-9]+) (?:characters?|chars?|symbols?|letters?)|length:? ([0-9]+))`)
	example    = regexp.MustCompile("(?:e\\.g\\.|example|such as|like)[:,]? *(?:[“\"'`‘])([^”\"'`’]{1,60})(?:[”\"'`’])")
	choices    = regexp.MustCompile(`(?i)must be (?:either )?([A-Z][A-Z_]+) or ([A-Z][A-Z_]+)`)
)

// quotedExamples returns the examples that a description gives in its prose.
func quotedExamples(prose string) []string {
	var all []string
	for _, m := range example.FindAllStringSubmatch(prose, 3) {
		all = append(all, m[1])
	}
	for _, m := range choices.FindAllStringSubmatch(prose, 1) {
		all = append(all, m[1:]...)
	}
	return all
}

// nameHas reports whether one of the words of a name, written in any of the
// usual ways, is among those given.
func nameHas(name string, words ...string) bool {
	for part := range nameWords(name) {
		if slices.Contains(words, part) {
			return true
		}
	}
	return false
}

// nameWords yields the words of a name in lower case: "order", "id" for
// order_id, order-id, orderId, OrderID and "order id".
func nameWords(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		emit := func(end int) bool {
			word := strings.ToLower(name[start:end])
			return word == "" || yield(word)
		}
		for i := 0; i < len(name); i++ {
			c := name[i]
			upper := c >= 'A' && c <= 'Z'
			letter := upper || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
			switch {
			case !letter:
				if !emit(i) {
					return
				}
				start = i + 1
			case upper && i > start && (isLower(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
				if !emit(i) {
					return
				}
				start = i
			}
		}
		emit(len(name))
	}
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// squash brings the ways of writing a name to one: "orderid".
func squash(name string) string {
	var b strings.Builder
	for word := range nameWords(name) {
		b.WriteString(word)
	}
	return b.String()
}

// match returns a text of a length that the schema allows and that its pattern
// matches, if that is of a kind that Go knows: one with a fresh word in it where
// such fits, else a short one in whose choice of runes vary leads, "" for the most
// common ones.
func (v *values) match(s *openapi.Schema, vary string) (string, bool) {
	parsed, err := syntax.Parse(s.Pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	compiled, err := regexp.Compile(s.Pattern)
	if err != nil {
		return "", false
	}
	word := v.fresh()
	for _, word := range []string{fit("statute"+word, s), word, strings.ToUpper(word)} {
		marked := speller{word: word}
		marked.spell(parsed, 0)
		text := marked.text.String()
		if marked.word == "" && fit(text, s) == text && v.marks(text) && compiled.MatchString(text) {
			return text, true
		}
	}
	short := speller{vary: vary}
	short.spell(parsed, 0)
	text := fit(short.text.String(), s)
	return text, compiled.MatchString(text)
}

// speller writes a text that a regular expression matches.
type speller struct {
	text strings.Builder
	word string // to be written where a repetition takes it whole; "" once it is
	vary string // leads the choice of a rune where there are several, byte by byte
}

func (s *speller) spell(re *syntax.Regexp, depth int) {
	if depth > 20 || s.text.Len() > 1000 {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		s.text.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		s.text.WriteRune(s.pick(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		s.text.WriteRune(s.pick([]rune{'0', '9', 'a', 'z'}))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			s.spell(sub, depth+1)
		}
	case syntax.OpAlternate:
		s.spell(re.Sub[0], depth+1)
	case syntax.OpStar:
		s.repeat(re.Sub[0], 0, -1, depth)
	case syntax.OpPlus:
		s.repeat(re.Sub[0], 1, -1, depth)
	case syntax.OpRepeat:
		s.repeat(re.Sub[0], re.Min, re.Max, depth)
	}
}

// repeat writes what is repeated at least and at most so often, -1 being without a
// bound: the word, if it takes that, else as seldom as it may.
func (s *speller) repeat(re *syntax.Regexp, least, most, depth int) {
	n := 0
	if s.word != "" && (most < 0 || len(s.word) <= most) && takes(re, s.word) {
		s.text.WriteString(s.word)
		n, s.word = len(s.word), ""
	}
	for range min(least, 100) - n {
		s.spell(re, depth+1)
	}
}

// takes reports whether a regular expression is of one rune, which may be any of
// the word.
func takes(re *syntax.Regexp, word string) bool {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpCharClass:
		return !strings.ContainsFunc(word, func(c rune) bool { return !within(re.Rune, c) })
	}
	return false
}

// within reports whether a rune is in a class, given by its ranges.
func within(ranges []rune, c rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= c && c <= ranges[i+1] {
			return true
		}
	}
	return false
}

// pick chooses a rune of a class: one to which vary leads, else a lower-case
// letter or digit if it can.
func (s *speller) pick(ranges []rune) rune {
	common := "a1A-"
	if s.vary != "" {
		at := strings.IndexByte(alphabet, s.vary[0])
		s.vary = s.vary[1:]
		letters := strings.Map(func(c rune) rune {
			if !within(ranges, c) {
				return -1
			}
			return c
		}, alphabet+strings.ToUpper(alphabet[10:]))
		if letters != "" {
			common = letters[max(at, 0)%len(letters):]
		}
	}
	for _, c := range common {
		if within(ranges, c) {
			return c
		}
	}
	if len(ranges) == 0 {
		return 'a'
	}
	return ranges[0]
}

// alphabet is what fresh words are written in.
const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"

// same reports whether two plain values are the same.
func same(a, b any) bool { return reflect.DeepEqual(a, b) }
