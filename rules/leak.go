package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// The marks of internals, as they stand in plain text, JSON and HTML alike.
var (
	traceMarks = byteStrings(
		"DEBUG = True", "Traceback (most recent call last)", `.py", line `, `.py\", line `, `.py&quot;, line `, // Python
		" [running]:",                                                                                                                                                         // Go
		"panicked at ",                                                                                                                                                        // Rust
		"Stack trace:", "PHP Fatal error", "<b>Fatal error</b>:", "<b>Warning</b>:", "<b>Notice</b>:", "Fatal error: Uncaught", ".php on line ", ".php</b> on line ", ".php(", // PHP
		"(Native Method)", "(Unknown Source)", // Java
		"--- End of stack trace", "--- End of inner exception", "   at System.", "   at Microsoft.", // .NET
	)
	databaseMarks = byteStrings(
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
	)
	languageMarks = byteStrings(
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
	)
)

// byteStrings makes bytes of strings once, so that looking for them does not.
func byteStrings(list ...string) [][]byte {
	all := make([][]byte, len(list))
	for i, s := range list {
		all[i] = []byte(s)
	}
	return all
}

// leakIn returns what of the server's internals the content of an error shows,
// or "". What the request brought itself is none, nor are a database's messages
// about the request's own SQL.
func leakIn(content []byte, r *statute.Request) string {
	content = content[:min(len(content), jsonLimit)]
	switch {
	case showsSource(content, r), holdsMark(content, traceMarks, r):
		return "a stack trace or a place in the source"
	case (holdsMark(content, databaseMarks, r) || holdsQuery(content)) && !bringsSQL(r):
		return "SQL or a database's message"
	case holdsMark(content, languageMarks, r), missesFunction(content):
		return "a message of the language or a library"
	}
	return ""
}

// holdsMark reports whether one of the marks stands in the content, not in the
// middle of a word, and not in the request.
func holdsMark(content []byte, marks [][]byte, r *statute.Request) bool {
	return slices.ContainsFunc(marks, func(mark []byte) bool {
		for rest := content; ; {
			i := bytes.Index(rest, mark)
			if i < 0 {
				return false
			}
			if i == 0 || !isLetter(mark[0]) || !isLetter(rest[i-1]) || isSeam(rest, i) {
				return !brings(r, mark)
			}
			rest = rest[i+1:]
		}
	})
}

// brings reports whether a request holds the text in its target or content.
func brings(r *statute.Request, text []byte) bool {
	return bytes.Contains(r.Body.Bytes, text) || strings.Contains(r.Target, string(text))
}

// holdsQuery reports whether the content holds a query in SQL.
func holdsQuery(content []byte) bool {
	for _, words := range [...][2]string{{"SELECT ", " FROM "}, {"UPDATE ", " SET "}, {"select ", " from \""}} {
		if _, after, ok := bytes.Cut(content, []byte(words[0])); ok && bytes.Contains(after, []byte(words[1])) {
			return true
		}
	}
	return false
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

// showsSource reports whether the content holds the place of a line of source
// that the request does not hold: router.js:12:5, OrderService.java:42,
// Orders.cs:line 12.
func showsSource(content []byte, r *statute.Request) bool {
	for i, c := range content {
		if c != ':' || i+1 == len(content) {
			continue
		}
		after := content[i+1:]
		if !('1' <= after[0] && after[0] <= '9') && !bytes.HasPrefix(after, []byte("line ")) {
			continue
		}
		start := bytes.LastIndexAny(content[:i], " \t\r\n\"'`()<>,;=[]{}|&")
		file := content[start+1 : i]
		dot := bytes.LastIndexByte(file, '.')
		if dot < 1 || bytes.Contains(file, []byte("://")) && !bytes.HasPrefix(file, []byte("file:")) {
			continue
		}
		ending := string(file[dot+1:])
		inPath := bytes.ContainsAny(file, `/\`) && slices.Contains(sourceEndingsInPath, ending)
		if (inPath || slices.Contains(sourceEndings, ending)) && !brings(r, file) {
			return true
		}
	}
	return false
}
