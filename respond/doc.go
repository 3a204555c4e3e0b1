// Package respond writes answers that are right by construction: the code that
// the RFC means, with the header fields that the code must bring along, and
// errors of one shape.
//
// A handler returns an [Outcome] or an error and writes nothing. One writer at
// the edge does, when all is known:
//
//	var outOfStock = respond.Problem{Type: "/problems/out-of-stock", Title: "Out of stock", Code: 409}
//
//	type newOrder struct {
//		Item string `json:"item"`
//		Qty  int    `json:"qty"`
//	}
//
//	func (n newOrder) Validate() error {
//		if n.Qty < 1 {
//			return respond.Field("/qty", "must be at least 1")
//		}
//		return nil
//	}
//
//	func create(ctx context.Context, in newOrder) (respond.Outcome, error) {
//		order, err := shop.Order(ctx, in.Item, in.Qty)
//		if errors.Is(err, shop.ErrStock) {
//			return respond.Outcome{}, outOfStock.New("order fewer").Because(err)
//		}
//		if err != nil {
//			return respond.Outcome{}, err
//		}
//		return respond.Created("/orders/"+order.ID, order).ETag(order.Version), nil
//	}
//
//	func main() {
//		api := &respond.API{Logger: slog.Default(), Mappings: []respond.Mapping{respond.NoRows}}
//		mux := api.NewMux()
//		mux.Handle("POST /orders", respond.In(create))
//		log.Fatal(http.ListenAndServe("localhost:8080", mux))
//	}
//
// That program answers, besides 201 and the 409: 400 to malformed JSON, 422 to
// values that are not allowed, with a JSON pointer to each, 413 and 415 before it
// asks for the content, 406, 404, 405 and OPTIONS with what is allowed, 501, 500
// with a request id, whether by error or by panic, and nothing to a client that is
// gone.
//
// # Outcomes
//
// What a code demands is a parameter of its function: [Created] takes the
// location, [Accepted] the place where the work can be watched. An empty argument
// is a programming error: it is answered 500, logged, and made known to tests by
// [WithReport]. Preconditions and ranges of a GET are evaluated when the outcome
// is written, against the version that it has: 304, 412, 206 and 416 need no code
// of the handler's.
//
// # Errors
//
// A [Problem] is a kind of failure, declared once; New gives it the detail of one
// case, With further members, Because the cause, which only logs see. The
// functions named after codes, such as [NotFound] and [TooManyRequests], make
// errors that need no type of their own. Errors of other packages are looked up
// in the API's list of mappings, then in a built-in one:
//
//	*http.MaxBytesError                      413
//	fs.ErrNotExist                           404
//	sql.ErrConnDone, driver.ErrBadConn       503
//	context.DeadlineExceeded, timeouts       504
//	other errors of net and of net/http      502
//	*client.Error                            503 for 429 and 503, 504 for 408 and 504, else 502
//
// What databases say of no rows, of duplicates and of a pool without a free
// connection is a 404, 409 and 503 where an API has [NoRows], [Duplicate] and [Pool]
// among its mappings. When the client is gone, nothing is written, and the log says
// 499. All other errors are a 500 without a word of theirs.
//
// # Before the handler
//
// A route decides what it can without the handler and without a byte of the
// content, so that no client sends in vain what will be refused. The order is:
// maintenance (503), method (501, 405), query (400), authentication (401, 403),
// quotas (429), early data (425), content coding and type (415), size (413),
// negotiation (406), precondition missing (428), preconditions (412).
//
// # Other routers
//
// [API.Handler] makes an http.Handler of one route, for any router. [Mux] has the
// patterns of http.ServeMux; with another router, hang handlers that return
// [NotFound] and [MethodNotAllowed] into the places that it has for them.
package respond
