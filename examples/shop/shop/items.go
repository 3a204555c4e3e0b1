package shop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/statute-http/statute/respond"
)

// Item is something that the shop sells, or did.
type Item struct {
	Head
	ItemInput
	Discontinued bool  `json:"discontinued,omitzero"` // it will not be back
	ReplacedBy   int64 `json:"replaced_by,omitzero"`  // the id of an item
}

func (it *Item) keys() (owner int64, name string) { return 0, it.SKU }

// ItemInput is what clients say of an item.
type ItemInput struct {
	SKU        string `json:"sku" validate:"required,max=40"` // no two items ever have the same
	Name       string `json:"name" validate:"required,max=100"`
	PriceCents int64  `json:"price_cents" validate:"min=1,max=10000000"`
	PictureID  int64  `json:"picture_id,omitzero" validate:"min=0"` // the id of an upload
}

// Validate implements what [respond.In] looks for.
func (in ItemInput) Validate() error { return valid(in) }

// gone returns the 410 of an item that is no longer sold, nil for one that is.
func (it Item) gone() error {
	switch {
	case !it.Discontinued:
		return nil
	case it.ReplacedBy != 0:
		return respond.Gone(fmt.Sprintf("/items/%d", it.ReplacedBy)).Detail("the item is discontinued; there is a successor")
	}
	return respond.Gone("").Detail("the item is discontinued")
}

// sold reports whether an item can be bought.
func sold(it Item) bool { return !it.Discontinued }

func (s *Shop) listItems(ctx context.Context, in page) (respond.Outcome, error) {
	return list("/items", url.Values{}, in, only(s.items.all(ctx, 0, in.After), sold))
}

// catalogue leads to the list of items. That is for good, so that clients may
// remember it: a 301.
func catalogue(*http.Request) (respond.Outcome, error) {
	return respond.MovedPermanently("/items").Cache("public, max-age=86400"), nil
}

// searchInput is a whole request.
type searchInput struct {
	page
	Words string `query:"q"`
}

// Validate implements what [respond.In] looks for.
func (in searchInput) Validate() error {
	err := in.page.Validate()
	if strings.TrimSpace(in.Words) == "" || len(in.Words) > 100 {
		err = errors.Join(err, respond.Parameter("q", "must be 1 to 100 bytes of words"))
	}
	return err
}

// search answers with the items whose names have all the words.
func (s *Shop) search(ctx context.Context, in searchInput) (respond.Outcome, error) {
	words := strings.Fields(strings.ToLower(in.Words))
	fits := func(it Item) bool {
		name := strings.ToLower(it.Name)
		for _, word := range words {
			if !strings.Contains(name, word) {
				return false
			}
		}
		return sold(it)
	}
	return list("/search", url.Values{"q": {in.Words}}, in.page, only(s.items.all(ctx, 0, in.After), fits))
}

// pictured returns what is wrong with the picture of an item.
func (s *Shop) pictured(ctx context.Context, in ItemInput) error {
	if in.PictureID == 0 {
		return nil
	}
	_, err := s.uploads.get(ctx, in.PictureID)
	if errors.Is(err, ErrNotFound) {
		return respond.Field("/picture_id", "must be the id of an upload")
	}
	return err
}

func (s *Shop) createItem(ctx context.Context, in ItemInput) (respond.Outcome, error) {
	if err := s.pictured(ctx, in); err != nil {
		return respond.Outcome{}, err
	}
	it, err := s.items.add(ctx, Item{ItemInput: in})
	if err != nil {
		return respond.Outcome{}, skuTaken(err)
	}
	return respond.Created(fmt.Sprintf("/items/%d", it.ID), it).Version(it.version()), nil
}

// skuTaken says more of a name that is taken.
func skuTaken(err error) error {
	if errors.Is(err, ErrTaken) {
		return respond.Conflict("another item has this sku")
	}
	return err
}

// item returns an item that is sold, or the 404 or 410.
func (s *Shop) item(ctx context.Context, id int64) (Item, error) {
	it, err := s.items.get(ctx, id)
	if err == nil {
		err = it.gone()
	}
	return it, err
}

func (s *Shop) readItem(ctx context.Context, in byID) (respond.Outcome, error) {
	it, err := s.item(ctx, in.ID)
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(it).Version(it.version()).Cache("no-cache"), nil
}

// replaceItemInput is a whole request.
type replaceItemInput struct {
	ID   int64     `path:"id"`
	Item ItemInput `body:"json"`
}

func (s *Shop) replaceItem(ctx context.Context, in replaceItemInput) (respond.Outcome, error) {
	if err := s.pictured(ctx, in.Item); err != nil {
		return respond.Outcome{}, err
	}
	it, err := s.items.change(ctx, in.ID, func(it *Item) error {
		it.ItemInput = in.Item
		return it.gone()
	})
	if err != nil {
		return respond.Outcome{}, skuTaken(err)
	}
	return respond.OK(it), nil
}

// discontinue takes an item from sale. It stays in the store: old orders name it,
// and who asks for it learns that it is gone.
func (s *Shop) discontinue(ctx context.Context, in byID) (respond.Outcome, error) {
	_, err := s.items.change(ctx, in.ID, func(it *Item) error {
		err := it.gone()
		it.Discontinued = true
		return err
	})
	return respond.NoContent(), err
}

// picture leads to the picture that the item has now: a 302, because the next one
// has another address.
func (s *Shop) picture(ctx context.Context, in byID) (respond.Outcome, error) {
	it, err := s.item(ctx, in.ID)
	if err == nil && it.PictureID == 0 {
		err = respond.NotFound("the item has no picture")
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.Found(fmt.Sprintf("/uploads/%d", it.PictureID)).Cache("no-cache"), nil
}
