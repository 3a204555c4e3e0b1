package check

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/statute-http/statute"
)

// store is an API of some style: resources by path, and what its framework
// would say of a request.
type store struct {
	next  int
	there map[string]map[string]any // by path
}

// mail is what validators take for an address.
var mail = regexp.MustCompile(`^[^@ ]+@[^@ ]+\.[a-z]+$`)

// write answers with JSON.
func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if body != nil {
		json.NewEncoder(w).Encode(body)
	}
}

// list returns what stands right below a path.
func (s *store) list(path string) []any {
	all := []any{}
	for at, item := range s.there {
		if rest, ok := strings.CutPrefix(at, path+"/"); ok && !strings.Contains(rest, "/") {
			all = append(all, item)
		}
	}
	return all
}

// serve is what is the same everywhere: reading and deleting.
func (s *store) serve(w http.ResponseWriter, r *http.Request, show func(item map[string]any) any) {
	item, ok := s.there[r.URL.Path]
	switch {
	case !ok:
		write(w, 404, map[string]any{"message": "not found"})
	case r.Method == "DELETE":
		delete(s.there, r.URL.Path)
		w.WriteHeader(204)
	default:
		write(w, 200, show(item))
	}
}

type object = map[string]any

// TestStyles runs small APIs in the styles of well-known frameworks: each
// operation is reached, as the framework's own errors tell how.
func TestStyles(t *testing.T) {
	plain := func(item object) any { return item }
	for _, test := range []struct {
		name   string
		paths  string
		handle func(s *store, w http.ResponseWriter, r *http.Request, body object)
	}{
		{
			name: "detail with loc",
			paths: `
  /users: {get: {responses: {"200": {description: all}}}}
  /items:
    get: {operationId: read_items_items__get, parameters: [{name: limit, in: query, schema: {type: integer, default: 10}}], responses: {"200": {description: all}}}
    post:
      operationId: create_item_items__post
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/ItemCreate"}}}}
      responses: {"200": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}, "422": {description: no}}
  /items/search: {get: {parameters: [{name: q, in: query, required: true, schema: {type: string}}, {name: order, in: query, required: true, schema: {type: string}}], responses: {"200": {description: some}}}}
  /items/{item_id}:
    parameters: [{name: item_id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/ItemCreate"}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /items/{item_id}/publish:
    parameters: [{name: item_id, in: path, required: true, schema: {type: integer}}]
    post: {operationId: publish_item_items__item_id__publish_post, responses: {"200": {description: done}}}
components:
  schemas:
    ItemCreate: {type: object, required: [title, price, owner_id, kind], properties: {title: {type: string}, price: {type: number}, owner_id: {type: integer}, kind: {type: string}, email: {anyOf: [{type: string}, {type: "null"}]}}}
    Item: {type: object, properties: {id: {type: integer}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(in, field, kind, message string) {
					write(w, 422, object{"detail": []any{object{"type": kind, "loc": []any{in, field}, "msg": message, "input": body[field]}}})
				}
				valid := func() bool {
					price, _ := body["price"].(float64)
					switch {
					case price <= 5:
						fail("body", "price", "greater_than", "Input should be greater than 5")
					case body["kind"] != "used" && body["kind"] != "new":
						fail("body", "kind", "enum", "Input should be 'new' or 'used'")
					case fmt.Sprint(body["owner_id"]) != "7":
						write(w, 404, object{"detail": "User not found"})
					default:
						return true
					}
					return false
				}
				switch path := r.URL.Path; {
				case path == "/users":
					write(w, 200, []any{object{"id": 7, "name": "Ann"}})
				case path == "/items/search":
					if order := r.URL.Query().Get("order"); order != "asc" && order != "desc" {
						fail("query", "order", "literal_error", "Input should be 'asc' or 'desc'")
						return
					}
					write(w, 200, []any{})
				case r.Method == "POST" && path == "/items":
					if valid() {
						s.next++
						body["id"] = s.next
						s.there[fmt.Sprint("/items/", s.next)] = body
						write(w, 200, body)
					}
				case path == "/items":
					write(w, 200, s.list(path))
				case strings.HasSuffix(path, "/publish") && s.there[strings.TrimSuffix(path, "/publish")] != nil:
					write(w, 200, object{"ok": true})
				case r.Method == "PUT" && s.there[path] != nil:
					if valid() {
						body["id"] = s.there[path]["id"]
						s.there[path] = body
						write(w, 200, body)
					}
				default:
					s.serve(w, r, plain)
				}
			},
		},
		{
			name: "errors by field, with a timestamp",
			paths: `
  /api/customers:
    get: {parameters: [{name: page, in: query, schema: {type: integer}}], responses: {"200": {description: all}}}
    post: {operationId: createCustomerUsingPOST, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Customer"}}}}, responses: {"201": {description: made}}}
  /api/customers/{customerId}:
    parameters: [{name: customerId, in: path, required: true, schema: {type: integer, format: int64}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Customer"}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /api/customers/{customerId}/addresses:
    parameters: [{name: customerId, in: path, required: true, schema: {type: integer, format: int64}}]
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {street: {type: string}, zip: {type: string}}}}}}, responses: {"201": {description: made}}}
  /api/customers/{customerId}/addresses/{addressId}:
    parameters: [{name: customerId, in: path, required: true, schema: {type: integer, format: int64}}, {name: addressId, in: path, required: true, schema: {type: integer, format: int64}}]
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
components:
  schemas:
    Customer: {type: object, properties: {id: {type: integer}, contact: {type: string}, since: {type: string}, level: {type: string}, name: {type: string}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(field, message string) {
					write(w, 400, object{
						"timestamp": "2026-11-21T10:00:00Z", "status": 400, "error": "Bad Request", "path": r.URL.Path,
						"errors": []any{object{"codes": []any{"Email.customer." + field}, "defaultMessage": message, "objectName": "customer", "field": field, "rejectedValue": body[field], "code": "Email"}},
					})
				}
				valid := func() bool {
					contact, _ := body["contact"].(string)
					since, _ := body["since"].(string)
					switch {
					case body["name"] == nil:
						fail("name", "must not be blank")
					case !mail.MatchString(contact):
						fail("contact", "must be a well-formed email address")
					case len(since) != len("2026-11-21"):
						write(w, 400, object{"timestamp": "2026-11-21T10:00:00Z", "status": 400, "error": "Bad Request", "message": "JSON parse error: Cannot deserialize value of type `java.time.LocalDate` from String \"" + since + "\": Failed to deserialize java.time.LocalDate: Text could not be parsed (through reference chain: Customer[\"since\"]), use yyyy-MM-dd"})
					case body["level"] != "GOLD" && body["level"] != "SILVER":
						write(w, 400, object{"timestamp": "2026-11-21T10:00:00Z", "status": 400, "error": "Bad Request", "message": "Cannot deserialize value of type `Level` from String: not one of the values accepted for Enum class: [GOLD, SILVER] (through reference chain: Customer[\"level\"])"})
					default:
						return true
					}
					return false
				}
				create := func(path string) {
					s.next++
					body["id"] = s.next
					s.there[fmt.Sprint(path, "/", s.next)] = body
					w.Header().Set("Location", fmt.Sprint("http://", r.Host, path, "/", s.next))
					w.WriteHeader(201)
				}
				switch path := r.URL.Path; {
				case path == "/api/customers" && r.Method == "POST":
					if valid() {
						create(path)
					}
				case path == "/api/customers":
					write(w, 200, object{"content": s.list(path), "pageable": object{"offset": 0}, "totalElements": 0})
				case strings.HasSuffix(path, "/addresses") && s.there[strings.TrimSuffix(path, "/addresses")] == nil:
					write(w, 404, object{"status": 404, "error": "Not Found"})
				case strings.HasSuffix(path, "/addresses") && r.Method == "POST":
					if zip, _ := body["zip"].(string); len(zip) < 5 || len(zip) > 6 || strings.Trim(zip, "0123456789") != "" {
						fail("zip", `must match "[0-9]{5,6}"`)
						return
					}
					create(path)
				case strings.HasSuffix(path, "/addresses"):
					write(w, 200, object{"_embedded": object{"addresses": s.list(path)}})
				case r.Method == "PUT" && s.there[path] != nil:
					if valid() {
						s.there[path] = body
						write(w, 200, body)
					}
				default:
					s.serve(w, r, plain)
				}
			},
		},
		{
			name: "nested bodies, errors by name",
			paths: `
  /projects.json:
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {project: {type: object, properties: {name: {type: string}, identifier: {type: string}, due_on: {type: string}}}}}}}}, responses: {"201": {description: made}}}
  /projects/{id}.json:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
    patch: {requestBody: {content: {application/json: {schema: {type: object, properties: {project: {type: object, properties: {name: {type: string}}}}}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /projects/{project_id}/tasks.json:
    parameters: [{name: project_id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {task: {type: object, properties: {title: {type: string}, assignee_id: {type: integer}, status: {type: string}}}}}}}}, responses: {"201": {description: made}}}
  /tasks/{id}.json:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {type: object, properties: {task: {type: object, properties: {title: {type: string}}}}}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /tasks/{id}/complete.json:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put: {responses: {"200": {description: done}}}
  /users.json: {get: {responses: {"200": {description: all}}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(field, message string) { write(w, 422, object{"errors": object{field: []any{message}}}) }
				path := strings.TrimSuffix(r.URL.Path, ".json")
				r.URL.Path = path
				project, isProject := body["project"].(object)
				task, isTask := body["task"].(object)
				switch parent, last := splitLast(path); {
				case path == "/users":
					write(w, 200, object{"users": []any{object{"id": 3, "login": "ann"}}, "total_count": 1})
				case path == "/projects" && r.Method == "POST":
					identifier, _ := project["identifier"].(string)
					due, _ := project["due_on"].(string)
					switch {
					case !isProject:
						write(w, 400, object{"status": 400, "error": "param is missing or the value is empty: project"})
					case project["name"] == nil:
						fail("name", "can't be blank")
					case identifier == "" || strings.ContainsAny(identifier, "ABCDEFGHIJKLMNOPQRSTUVWXYZ. "):
						fail("identifier", "is invalid")
					case len(due) != len("2026-11-21"):
						fail("due_on", "is not a valid date")
					default:
						s.next++
						project["id"] = s.next
						s.there[fmt.Sprint("/projects/", s.next)] = project
						write(w, 201, object{"project": project})
					}
				case last == "tasks" && s.there[parent] != nil && r.Method == "POST":
					switch {
					case !isTask:
						write(w, 400, object{"status": 400, "error": "param is missing or the value is empty: task"})
					case task["title"] == nil:
						fail("title", "can't be blank")
					case fmt.Sprint(task["assignee_id"]) != "3":
						fail("assignee", "must exist")
					case task["status"] != "open":
						fail("status", "is not included in the list: open, closed")
					default:
						s.next++
						task["id"] = s.next
						s.there[fmt.Sprint("/tasks/", s.next)] = task
						write(w, 201, object{"task": task})
					}
				case last == "tasks" && s.there[parent] != nil:
					write(w, 200, object{"tasks": s.list("/tasks"), "limit": 25})
				case path == "/projects":
					write(w, 200, object{"projects": s.list(path), "limit": 25})
				case last == "complete" && s.there[parent] != nil:
					write(w, 200, object{"task": s.there[parent]})
				case r.Method == "PATCH" && s.there[path] != nil && project["name"] == nil, r.Method == "PUT" && s.there[path] != nil && task["title"] == nil:
					write(w, 400, object{"error": "param is missing or the value is empty"})
				default:
					s.serve(w, r, func(item object) any { return object{singular(lastWord(parent)): item} })
				}
			},
		},
		{
			name: "JSON:API",
			paths: `
  /people: {get: {responses: {"200": {description: all, content: {application/vnd.api+json: {schema: {type: object}}}}}}}
  /articles:
    get: {responses: {"200": {description: all, content: {application/vnd.api+json: {schema: {type: object}}}}}}
    post: {requestBody: {content: {application/vnd.api+json: {schema: {$ref: "#/components/schemas/Document"}}}}, responses: {"201": {description: made, content: {application/vnd.api+json: {schema: {type: object}}}}}}
  /articles/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one, content: {application/vnd.api+json: {schema: {type: object}}}}}}
    patch: {requestBody: {content: {application/vnd.api+json: {schema: {$ref: "#/components/schemas/Document"}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /articles/{id}/relationships/author:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
components:
  schemas:
    Document:
      type: object
      required: [data]
      properties:
        data:
          type: object
          required: [type, attributes]
          properties:
            id: {type: string}
            type: {type: string, enum: [articles]}
            attributes: {type: object, properties: {title: {type: string}, published: {type: string}}}
            relationships: {type: object, properties: {author: {type: object, properties: {data: {type: object, required: [type, id], properties: {type: {type: string, enum: [people]}, id: {type: string}}}}}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(pointer, detail string) {
					write(w, 422, object{"errors": []any{object{"status": "422", "title": "Invalid Attribute", "detail": detail, "source": object{"pointer": pointer}}}})
				}
				data, _ := body["data"].(object)
				attributes, _ := data["attributes"].(object)
				published, _ := attributes["published"].(string)
				author := at(body, "/data/relationships/author/data/id")
				switch path := strings.TrimSuffix(r.URL.Path, "/relationships/author"); {
				case path == "/people":
					write(w, 200, object{"data": []any{object{"type": "people", "id": "9", "attributes": object{"name": "Ann"}}}, "links": object{"self": "/people"}})
				case path == "/articles" && r.Method == "POST":
					switch {
					case data == nil || data["id"] != nil:
						write(w, 403, object{"errors": []any{object{"status": "403", "title": "client ids are not taken"}}})
					case attributes["title"] == nil:
						fail("/data/attributes/title", "can't be blank")
					case !strings.Contains(published, "T"):
						fail("/data/attributes/published", "must be an ISO 8601 date-time")
					case author != "9":
						fail("/data/relationships/author", "must exist")
					default:
						s.next++
						data["id"] = fmt.Sprint(s.next)
						s.there[fmt.Sprint("/articles/", s.next)] = data
						write(w, 201, object{"data": data})
					}
				case path == "/articles":
					write(w, 200, object{"data": s.list(path)})
				case r.Method == "PATCH" && s.there[path] != nil:
					if data["id"] != s.there[path]["id"] {
						write(w, 409, object{"errors": []any{object{"status": "409", "title": "id mismatch", "source": object{"pointer": "/data/id"}}}})
						return
					}
					write(w, 200, object{"data": s.there[path]})
				default:
					r.URL.Path = path
					s.serve(w, r, func(item object) any { return object{"data": item} })
				}
			},
		},
		{
			name: "metadata.name",
			paths: `
  /api/v1/namespaces:
    get: {operationId: listNamespace, responses: {"200": {description: all}}}
    post: {operationId: createNamespace, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}, responses: {"201": {description: made}}}
  /api/v1/namespaces/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"200": {description: gone}}}
  /api/v1/namespaces/{namespace}/configmaps:
    parameters: [{name: namespace, in: path, required: true, schema: {type: string}}]
    get: {operationId: listNamespacedConfigMap, responses: {"200": {description: all}}}
    post: {operationId: createNamespacedConfigMap, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}, responses: {"201": {description: made}}}
  /api/v1/namespaces/{namespace}/configmaps/{name}:
    parameters: [{name: namespace, in: path, required: true, schema: {type: string}}, {name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"200": {description: gone}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        apiVersion: {type: string}
        kind: {type: string}
        metadata: {$ref: "#/components/schemas/ObjectMeta"}
        data: {type: object, additionalProperties: {type: string}}
    ObjectMeta: {type: object, properties: {name: {type: string}, labels: {type: object, additionalProperties: {type: string}}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				name, _ := at(body, "/metadata/name").(string)
				valid := func() bool {
					if !regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`).MatchString(name) {
						message := "name or generateName is required"
						write(w, 422, object{
							"kind": "Status", "status": "Failure", "message": "Thing is invalid: metadata.name: Required value: " + message, "reason": "Invalid", "code": 422,
							"details": object{"causes": []any{object{"reason": "FieldValueRequired", "message": "Required value: " + message, "field": "metadata.name"}}},
						})
						return false
					}
					return true
				}
				path := r.URL.Path
				parent, _ := splitLast(path)
				collection := strings.HasSuffix(path, "/namespaces") || strings.HasSuffix(path, "/configmaps")
				switch {
				case collection && strings.HasSuffix(path, "/configmaps") && s.there[parent] == nil:
					write(w, 404, object{"kind": "Status", "reason": "NotFound", "code": 404})
				case collection && r.Method == "POST":
					if !valid() {
						return
					}
					if s.there[path+"/"+name] != nil {
						write(w, 409, object{"kind": "Status", "reason": "AlreadyExists", "code": 409})
						return
					}
					s.there[path+"/"+name] = body
					write(w, 201, body)
				case collection:
					write(w, 200, object{"kind": "List", "metadata": object{"resourceVersion": "1"}, "items": s.list(path)})
				case r.Method == "PUT" && s.there[path] != nil:
					if valid() {
						if !strings.HasSuffix(path, "/"+name) {
							write(w, 400, object{"kind": "Status", "message": "the name of the object (" + name + ") does not match the name on the URL", "reason": "BadRequest", "code": 400})
							return
						}
						s.there[path] = body
						write(w, 200, body)
					}
				case r.Method == "DELETE" && s.there[path] != nil:
					delete(s.there, path)
					write(w, 200, object{"kind": "Status", "status": "Success"})
				default:
					s.serve(w, r, plain)
				}
			},
		},
		{
			name: "api-version and value",
			paths: `
  /subscriptions: {get: {parameters: [&version {name: api-version, in: query, required: true, schema: {type: string, minLength: 1}}], responses: {"200": {description: all}}}}
  /subscriptions/{subscriptionId}/groups: {get: {parameters: [*version, &sub {name: subscriptionId, in: path, required: true, schema: {type: string}}], responses: {"200": {description: all}}}}
  /subscriptions/{subscriptionId}/groups/{groupName}:
    parameters: [*version, *sub, {name: groupName, in: path, required: true, schema: {type: string, pattern: "^[-\\w]+$", maxLength: 90}}]
    get: {operationId: Groups_Get, responses: {"200": {description: one}}}
    put: {operationId: Groups_CreateOrUpdate, requestBody: {content: {application/json: {schema: {type: object, required: [location], properties: {location: {type: string}, id: {type: string, readOnly: true}, tags: {type: object, additionalProperties: {type: string}}}}}}}, responses: {"200": {description: one}, "201": {description: made}}}
    patch: {operationId: Groups_Update, requestBody: {content: {application/json: {schema: {type: object, properties: {tags: {type: object, additionalProperties: {type: string}}}}}}}, responses: {"200": {description: one}}}
    delete: {operationId: Groups_Delete, responses: {"204": {description: gone}}}
  /subscriptions/{subscriptionId}/groups/{groupName}/restart:
    parameters: [*version, *sub, {name: groupName, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: how the last one went}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(status int, target, message string) {
					write(w, status, object{"error": object{"code": "InvalidParameter", "target": target, "message": message}})
				}
				if r.URL.Query().Get("api-version") != "2024-03-01" {
					fail(400, "api-version", "The api-version is invalid. The supported versions are '2024-03-01'.")
					return
				}
				parent, last := splitLast(r.URL.Path)
				switch {
				case r.URL.Path == "/subscriptions":
					write(w, 200, object{"value": []any{object{"id": "/subscriptions/abc", "subscriptionId": "abc"}}, "nextLink": nil})
				case !strings.HasPrefix(r.URL.Path, "/subscriptions/abc/groups"):
					fail(404, "subscriptionId", "The subscription could not be found.")
				case last == "groups":
					write(w, 200, object{"value": s.list(r.URL.Path)})
				case r.Method == "PUT" && body["location"] != "westeurope" && body["location"] != "eastus":
					fail(400, "location", "The provided location is not available. List of available regions is 'eastus,westeurope'.")
				case r.Method == "PUT":
					status := 200
					if s.there[r.URL.Path] == nil {
						status = 201
					}
					body["id"], body["name"] = r.URL.Path, last
					s.there[r.URL.Path] = body
					write(w, status, body)
				case last == "restart" && s.there[parent] != nil:
					write(w, 200, object{})
				default:
					s.serve(w, r, plain)
				}
			},
		},
		{
			name: "resource names and custom methods",
			paths: `
  /api/v1/memos:
    get: {operationId: MemoService_ListMemos, responses: {"200": {description: all}}}
    post: {operationId: MemoService_CreateMemo, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Memo"}}}}, responses: {"200": {description: made}}}
  /api/v1/memos/{memo}:
    parameters: [{name: memo, in: path, required: true, schema: {type: string}}]
    get: {operationId: MemoService_GetMemo, responses: {"200": {description: one}}}
    patch: {operationId: MemoService_UpdateMemo, parameters: [{name: updateMask, in: query, schema: {type: string, format: field-mask}}], requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Memo"}}}}, responses: {"200": {description: one}}}
    delete: {operationId: MemoService_DeleteMemo, responses: {"200": {description: gone}}}
  /api/v1/memos/{memo}/comments:
    parameters: [{name: memo, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Memo"}}}}, responses: {"200": {description: made}}}
  /api/v1/memos/{memo}:archive:
    parameters: [{name: memo, in: path, required: true, schema: {type: string}}]
    post: {responses: {"200": {description: done}}}
  /api/v1/memos/{memo}:getStats:
    parameters: [{name: memo, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: numbers}}}
  /api/v1/memos:batchGet:
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {names: {type: array, items: {type: string}}}}}}}, responses: {"200": {description: some}}}
components:
  schemas: {Memo: {type: object, required: [content, state], properties: {name: {type: string}, content: {type: string}, state: {type: string, enum: [STATE_UNSPECIFIED, NORMAL]}}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				path, method, _ := strings.Cut(r.URL.Path, ":")
				parent, last := splitLast(path)
				r.URL.Path = path
				fail := func(message string) { write(w, 400, object{"code": 3, "message": message, "details": []any{}}) }
				switch {
				case r.Method == "POST" && method == "" && (last == "memos" || last == "comments" && s.there[parent] != nil):
					if body["state"] != "NORMAL" {
						fail("invalid state: must be specified")
						return
					}
					s.next++
					id := fmt.Sprintf("m%dx", s.next)
					body["name"] = "memos/" + id
					s.there["/api/v1/memos/"+id] = body
					write(w, 200, body)
				case method == "batchGet" || last == "memos":
					write(w, 200, object{"memos": s.list("/api/v1/memos"), "nextPageToken": ""})
				case last == "comments" && s.there[parent] != nil:
					write(w, 200, object{"memos": []any{}, "totalSize": 0})
				case r.Method == "PATCH" && s.there[path] != nil && r.URL.Query().Get("updateMask") == "":
					fail("update mask is required")
				case s.there[path] != nil && (method != "" || r.Method == "DELETE"):
					if r.Method == "DELETE" {
						delete(s.there, path)
					}
					write(w, 200, object{})
				default:
					s.serve(w, r, plain)
				}
			},
		},
		{
			name: "hyperlinks and slashes",
			paths: `
  /authors/: {get: {operationId: authors_list, responses: {"200": {description: all}}}}
  /books/:
    get: {operationId: books_list, responses: {"200": {description: all}}}
    post: {operationId: books_create, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}, application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Book"}}}}, responses: {"201": {description: made}}}
  /books/{id}/:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: books_retrieve, responses: {"200": {description: one}}}
    put: {operationId: books_update, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}, responses: {"200": {description: one}}}
    patch: {operationId: books_partial_update, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}, responses: {"200": {description: one}}}
    delete: {operationId: books_destroy, responses: {"204": {description: gone}}}
  /books/{id}/lend/:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post: {operationId: books_lend_create, requestBody: {content: {application/json: {schema: {type: object, properties: {until: {type: string}}}}}}, responses: {"200": {description: done}}}
components:
  schemas: {Book: {type: object, required: [title, author, isbn], properties: {url: {type: string, readOnly: true}, title: {type: string}, author: {type: string}, isbn: {type: string}, status: {type: string}}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(field, message string) { write(w, 400, object{field: []any{message}}) }
				path := strings.TrimSuffix(r.URL.Path, "/")
				if path+"/" != r.URL.Path {
					write(w, 404, object{"detail": "Not found."})
					return
				}
				r.URL.Path = path
				parent, last := splitLast(path)
				valid := func() bool {
					isbn, _ := body["isbn"].(string)
					switch {
					case body["author"] != "http://"+r.Host+"/authors/3/":
						fail("author", "Invalid hyperlink - No URL match.")
					case len(isbn) > 13:
						fail("isbn", "Ensure this field has no more than 13 characters.")
					case body["status"] != nil && body["status"] != "new":
						fail("status", fmt.Sprintf(`"%v" is not a valid choice.`, body["status"]))
					default:
						return true
					}
					return false
				}
				switch {
				case path == "/authors":
					write(w, 200, object{"count": 1, "next": nil, "previous": nil, "results": []any{object{"url": "http://" + r.Host + "/authors/3/", "name": "Ann"}}})
				case path == "/books" && r.Method == "POST":
					if valid() {
						s.next++
						body["url"] = fmt.Sprintf("http://%s/books/%d/", r.Host, s.next)
						s.there[fmt.Sprint("/books/", s.next)] = body
						write(w, 201, body)
					}
				case path == "/books":
					write(w, 200, object{"count": 0, "next": nil, "previous": nil, "results": s.list(path)})
				case last == "lend" && s.there[parent] != nil:
					if until, _ := body["until"].(string); len(until) != len("2026-11-21") {
						fail("until", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.")
						return
					}
					write(w, 200, object{"status": "lent"})
				case (r.Method == "PUT" || r.Method == "PATCH") && s.there[path] != nil:
					if r.Method == "PATCH" || valid() {
						body["url"] = s.there[path]["url"]
						s.there[path] = body
						write(w, 200, body)
					}
				default:
					s.serve(w, r, plain)
				}
			},
		},
		{
			name: "slugs of titles, wrapped",
			paths: `
  /users: {post: {requestBody: {content: {application/json: {schema: {type: object, required: [user], properties: {user: {type: object, required: [username, email, password], properties: {username: {type: string}, email: {type: string}, password: {type: string, format: password}}}}}}}}, responses: {"201": {description: made}}}}
  /profiles/{username}:
    parameters: [{name: username, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
  /profiles/{username}/follow:
    parameters: [{name: username, in: path, required: true, schema: {type: string}}]
    post: {responses: {"200": {description: done}}}
    delete: {responses: {"200": {description: undone}}}
  /articles:
    get: {parameters: [{name: limit, in: query, schema: {type: integer, default: 20}}], responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, required: [article], properties: {article: {type: object, required: [title, body], properties: {title: {type: string}, body: {type: string}, tagList: {type: array, items: {type: string}}}}}}}}}, responses: {"201": {description: made}}}
  /articles/{slug}:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {type: object, required: [article], properties: {article: {type: object, properties: {body: {type: string}}}}}}}}, responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /articles/{slug}/favorite:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    post: {responses: {"200": {description: done}}}
    delete: {responses: {"200": {description: undone}}}
  /articles/{slug}/comments:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, required: [comment], properties: {comment: {type: object, required: [body], properties: {body: {type: string}}}}}}}}, responses: {"200": {description: made}}}
  /articles/{slug}/comments/{id}:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}, {name: id, in: path, required: true, schema: {type: integer}}]
    delete: {responses: {"200": {description: gone}}}`,
			handle: func(s *store, w http.ResponseWriter, r *http.Request, body object) {
				fail := func(field, message string) { write(w, 422, object{"errors": object{field: []any{message}}}) }
				path := r.URL.Path
				parent, last := splitLast(path)
				user, _ := body["user"].(object)
				article, _ := body["article"].(object)
				switch {
				case path == "/users":
					email, _ := user["email"].(string)
					if !mail.MatchString(email) {
						fail("email", "is invalid")
						return
					}
					s.next++
					write(w, 201, object{"user": object{"username": user["username"], "email": email, "token": "t"}})
					s.next++
				case strings.HasPrefix(path, "/profiles/"):
					if !strings.HasPrefix(strings.Split(path, "/")[2], "statute") {
						write(w, 404, object{"errors": object{"profile": []any{"not found"}}})
						return
					}
					write(w, 200, object{"profile": object{"username": strings.Split(path, "/")[2], "following": false}})
				case path == "/articles" && r.Method == "POST":
					title, _ := article["title"].(string)
					if title == "" {
						fail("title", "can't be blank")
						return
					}
					s.next++
					slug := fmt.Sprintf("%s-%d", strings.ToLower(title), s.next)
					article["slug"] = slug
					s.there["/articles/"+slug] = article
					write(w, 201, object{"article": article})
				case path == "/articles":
					write(w, 200, object{"articles": s.list(path), "articlesCount": 0})
				case last == "favorite" && s.there[parent] != nil, r.Method == "PUT" && article != nil && s.there[path] != nil:
					write(w, 200, object{"article": object{"slug": last}})
				case last == "comments" && s.there[parent] != nil:
					if r.Method == "POST" {
						if _, ok := body["comment"].(object); !ok {
							fail("body", "can't be blank")
							return
						}
						s.next++
						comment := object{"id": s.next, "body": "a"}
						s.there[fmt.Sprint(path, "/", s.next)] = comment
						write(w, 200, object{"comment": comment})
						return
					}
					write(w, 200, object{"comments": s.list(path)})
				case r.Method == "DELETE" && s.there[path] != nil:
					for at := range s.there {
						if strings.HasPrefix(at, path) {
							delete(s.there, at)
						}
					}
					w.WriteHeader(204)
				default:
					s.serve(w, r, func(item object) any { return object{"article": item} })
				}
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &store{next: 40, there: map[string]map[string]any{}}
			_, result := runOn(t, test.paths, nil, func(w http.ResponseWriter, r *http.Request) {
				var body object
				json.NewDecoder(r.Body).Decode(&body)
				if body == nil {
					body = object{}
				}
				test.handle(s, w, r, body)
			})
			for _, o := range result.Operations {
				if o.State != statute.Reached && !strings.Contains(o.Why, "restart") {
					last := ""
					if o.Last != nil {
						last = fmt.Sprintf("%s %s: %d %s", o.Last.Request.Target, o.Last.Request.Body.Bytes, o.Last.Response.Status, o.Last.Response.Body.Bytes)
					}
					t.Errorf("%s is not reached: %s %s", o.Operation, o.Why, last)
				}
			}
			nameless := func(line string) bool { return strings.HasPrefix(line, "what POST /users may have made") }
			if len(s.there) > 0 || len(slices.DeleteFunc(result.Leftover, nameless)) > 0 {
				t.Errorf("left behind %v, said %v", s.there, result.Leftover)
			}
			if per := result.Requests / len(result.Operations); per > 30 {
				t.Errorf("%d requests an operation", per)
			}
		})
	}
}
