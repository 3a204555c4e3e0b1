package rules

import (
	"bytes"
	"mime"
	"mime/multipart"
	"net/textproto"

	"github.com/statute-http/statute"
)

// eachPart calls f with the header section of each part of multipart content,
// until f returns false or the content ends or breaks. It calls f for no other
// content.
func eachPart(r *statute.Response, f func(textproto.MIMEHeader) bool) {
	_, parameters, err := mime.ParseMediaType(r.Fields.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return
	}
	parts := multipart.NewReader(bytes.NewReader(r.Body.Bytes), parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil || !f(part.Header) {
			return
		}
	}
}
