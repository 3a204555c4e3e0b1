package shop

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/respond"
)

// Upload is a picture.
type Upload struct {
	Head
	Type string `json:"type"`
	Data []byte `json:"data"`
}

func (*Upload) keys() (owner int64, name string) { return 0, "" }

// shownUpload is what the answer to an upload says of it.
type shownUpload struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

// pictures are the media types that are taken.
func pictures() []string { return []string{"image/png", "image/jpeg"} }

// upload takes a picture. What can be refused by its header fields was refused
// before this is called: a client that waits for 100 sends no 10 MB to hear that 1 MB
// is too much.
func (s *Shop) upload(r *http.Request) (respond.Outcome, error) {
	data, err := io.ReadAll(r.Body) // no more than the API's MaxBytes; errors say what to answer
	if err != nil {
		return respond.Outcome{}, err
	}
	if len(data) == 0 {
		return respond.Outcome{}, respond.BadRequest("the request has no content")
	}
	u, err := s.uploads.add(r.Context(), Upload{Type: statute.MediaType(r.Header.Get("Content-Type")), Data: data})
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.Created(fmt.Sprintf("/uploads/%d", u.ID), shownUpload{u.ID, u.Type, len(data)}), nil
}

// download answers with a picture, or the range of it that the request asks for.
func (s *Shop) download(ctx context.Context, in byID) (respond.Outcome, error) {
	u, err := s.uploads.get(ctx, in.ID)
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.Content(u.Type, bytes.NewReader(u.Data)).Version(u.version()).
		Header("X-Content-Type-Options", "nosniff").Cache("public, max-age=31536000, immutable"), nil
}

func (s *Shop) removeUpload(ctx context.Context, in byID) (respond.Outcome, error) {
	err := s.uploads.remove(ctx, in.ID, func(Upload) error { return nil })
	return respond.NoContent(), err
}
