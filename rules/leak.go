package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// leak is what of a server's internals an error shows; the higher ones say more.
type leak uint8

// The leaks.
const (
	leaksNothing leak = iota
	leaksLanguage
	leaksDatabase
	leaksTrace
)

// leakNames are the leaks in the words of findings.
var leakNames = [...]string{
	"", "a message of the language or a library", "SQL or a database's message", "a stack trace or a place in the source",
}

// leakMarks are the marks of internals, as they stand in plain text, JSON and
// HTML alike.
var leakMarks = [...][]string{
	leaksTrace: {
		"DEBUG = True", "Traceback (most recent call last)", `.py", line `, `.py\", line `, `.py&quot;, line `, // Python
		" [running]:",                                                                                                                                                         // Go
		"panicked at ",                                                                                                                                                        // Rust
		"Stack trace:", "PHP Fatal error", "<b>Fatal error</b>:", "<b>Warning</b>:", "<b>Notice</b>:", "Fatal error: Uncaught", ".php on line ", ".php</b> on line ", ".php(", // PHP
		"(Native Method)", "(Unknown Source)", // Java
		"--- End of stack trace", "--- End of inner exception", "   at System.", "   at Microsoft.", // .NET
	},
	leaksDatabase: {
		"SQLSTATE", "SQLException", "PSQLException", "SQLSyntaxErrorException", "SQLIntegrityConstraintViolationException", "SqlException",
		"error in your SQL syntax", "syntax error at or near", "Incorrect syntax near", "Unclosed quotation mark after",
		"UNIQUE constraint failed", "FOREIGN KEY constraint failed", "NOT NULL constraint failed", "CHECK constraint failed",
		"violates unique constraint", "violates foreign key constraint", "violates not-null constraint", "violates check constraint",
		"SQLITE_CONSTRAINT", "SQLITE_ERROR", "no such table:", "no such column:", "Unknown column '", "in 'field list'", "in 'where clause'",
		"E11000 duplicate key", "Duplicate entry '", "Cast to ObjectId failed", "[ODBC ", "mysql_", "mysqli_", "Cannot insert duplicate key row", "Cannot insert the value NULL", "ORA-0", "ORA-1", "ORA-2",
		"invalid byte sequence for encoding", "invalid input syntax for type", "invalid input syntax for integer",
		"QueryFailedError", "SequelizeDatabaseError", "SequelizeUniqueConstraintError", "PrismaClient", "MongoServerError",
		"pq: ", "sql: no rows in result set", "sql: Scan error", "Mysql2::", "SQLite3::", "PG::", "psycopg2.", "sqlalchemy.exc",
		"PDOException", `Doctrine\`, "org.postgresql.", "com.mysql.", "org.hibernate.", "org.h2.",
		"INSERT INTO ", "DELETE FROM ",
	},
	leaksLanguage: {
		"json: cannot unmarshal", "runtime error: ", "strconv.Parse", "strconv.Atoi", "dial tcp ", "reflect: call of", "proto: (line ", // Go
		"not marked as ignorable", "Cannot deserialize value of type `", "Cannot construct instance of `", "NullPointerException", "java.lang.", "java.util.", "java.io.", "java.net.", "java.time.", "javax.", "jakarta.", "org.springframework.", "com.fasterxml.jackson", // JVM
		"System.NullReferenceException", "System.InvalidOperationException", "System.ArgumentException", "System.ArgumentNullException",
		"System.FormatException", "System.Exception", "System.Text.Json", "Newtonsoft.Json", "Microsoft.AspNetCore",
		"Microsoft.EntityFrameworkCore", "Object reference not set to an instance", // .NET
		"'NoneType' object", "object has no attribute", "object is not subscriptable", // Python
		"is not a constructor", "Cannot read property '", "Cannot read properties of", "Cannot set properties of", "ERR_INVALID_ARG_TYPE", // Node
		"undefined method `", "undefined method '", "undefined local variable or method", "ActiveRecord::", "ActionController::", "NoMethodError", // Ruby
		"Undefined array key", "Undefined index: ", "Call to undefined function", "Call to undefined method", "Call to a member function",
		`Illuminate\`, `Symfony\Component`, `Symfony\\Component`, "Maximum execution time of", // PHP
		"called `Option::unwrap()`", "called `Result::unwrap()`", "serde_json::", // Rust
	},
}

// sqlMarks are words that make a query in SQL of words that come later.
var sqlMarks = [...][2]string{{"SELECT ", " FROM "}, {"UPDATE ", " SET "}, {"select ", " from \""}}

// queryLimit is how far apart two words of a query are, in bytes.
const queryLimit = 4 << 10

// mark is a text that shows a leak, if after it, where that is not empty, comes
// another one.
type mark struct {
	text, after string
	shows       leak
}

// marksFrom are the marks by their first byte, so that content is read once.
var marksFrom = byFirstByte()

func byFirstByte() (index [256][]mark) {
	for shows, texts := range leakMarks {
		for _, text := range texts {
			index[text[0]] = append(index[text[0]], mark{text: text, shows: leak(shows)})
		}
	}
	for _, pair := range sqlMarks {
		first := pair[0][0]
		index[first] = append(index[first], mark{pair[0], pair[1], leaksDatabase})
	}
	return index
}

// leakIn returns what of the server's internals the content of an error shows,
// or "". What the request brought itself is none, nor are a database's messages
// about the request's own SQL.
func leakIn(content []byte, r *statute.Request) string {
	content = content[:min(len(content), jsonLimit)]
	shown, database := leaksNothing, false
	for i := range max(0, len(content)-1) {
		for _, m := range marksFrom[content[i]] {
			if m.text[1] != content[i+1] || m.shows <= shown || m.shows == leaksDatabase && database || !m.at(content, i) || brings(r, m.text) {
				continue
			}
			if m.shows == leaksDatabase {
				database = true
				if bringsSQL(r) {
					continue
				}
			}
			shown = m.shows
		}
		if content[i] == ':' && showsSource(content, i, r) {
			shown = leaksTrace
		}
		if shown == leaksTrace {
			break
		}
	}
	if shown == leaksNothing && missesFunction(content) {
		shown = leaksLanguage
	}
	return leakNames[shown]
}

// at reports whether the mark stands at i in the content, and not in the middle
// of a word.
func (m mark) at(content []byte, i int) bool {
	rest := content[i:]
	if len(rest) < len(m.text) || string(rest[:len(m.text)]) != m.text {
		return false
	}
	if i > 0 && isLetter(m.text[0]) && isLetter(content[i-1]) && !isSeam(content, i) {
		return false
	}
	return m.after == "" || bytes.Contains(rest[len(m.text):min(len(rest), queryLimit)], []byte(m.after))
}

// brings reports whether a request holds the text in its target or content.
func brings(r *statute.Request, text string) bool {
	return bytes.Contains(r.Body.Bytes, []byte(text)) || strings.Contains(r.Target, text)
}

// bringsSQL reports whether a request holds a query in a language like SQL.
func bringsSQL(r *statute.Request) bool {
	for _, pair := range [...][2]string{{"select", "from"}, {"insert", "into"}, {"update", "set"}, {"delete", "from"}, {"create", "table"}} {
		if nameHolds(r.Target, pair[0]) && nameHolds(r.Target, pair[1]) ||
			holdsPhrase(r.Body.Bytes, pair[:1]) && holdsPhrase(r.Body.Bytes, pair[1:]) {
			return true
		}
	}
	return false
}

// missesFunction reports whether the content holds Node's "orders.find is not a
// function"; without a dot it may be about the request's own expression.
func missesFunction(content []byte) bool {
	before, _, ok := bytes.Cut(content, []byte(" is not a function"))
	return ok && bytes.IndexByte(before[bytes.LastIndexAny(before, " \"'`\n")+1:], '.') > 0
}

// sourceEndings are the endings of files with source code; those that are also
// top-level domains count only in a path.
var (
	sourceEndings       = []string{"java", "scala", "kt", "groovy", "clj", "go", "js", "mjs", "cjs", "ts", "jsx", "tsx", "rb", "php", "cs", "fs", "vb", "ex", "exs", "erl", "cpp", "swift"}
	sourceEndingsInPath = []string{"rs", "py", "pl"}
)

// showsSource reports whether the colon at i is in the place of a line of source
// that the request does not hold: router.js:12:5, OrderService.java:42,
// Orders.cs:line 12.
func showsSource(content []byte, i int, r *statute.Request) bool {
	after := content[i+1:]
	if len(after) == 0 || !('1' <= after[0] && after[0] <= '9') && !bytes.HasPrefix(after, []byte("line ")) {
		return false
	}
	file := content[max(0, i-textLimit):i]
	file = file[bytes.LastIndexAny(file, " \t\r\n\"'`()<>,;=[]{}|&")+1:]
	dot := bytes.LastIndexByte(file, '.')
	if dot < 1 || bytes.Contains(file, []byte("://")) && !bytes.HasPrefix(file, []byte("file:")) {
		return false
	}
	ending := string(file[dot+1:])
	inPath := bytes.ContainsAny(file, `/\`) && slices.Contains(sourceEndingsInPath, ending)
	return (inPath || slices.Contains(sourceEndings, ending)) && !brings(r, string(file))
}
