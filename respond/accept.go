package respond

import (
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

// choose returns the index of the media type that the Accept fields of a
// request prefer, the first of those they like alike, or -1 if they accept none
// (RFC 9110, 12.5.1).
func choose(accept, mediaTypes []string) int {
	if len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == "" || accept[0] == mediaTypes[0]) {
		return 0
	}
	best, bestQuality := -1, 0
	for i, mediaType := range mediaTypes {
		if q := quality(accept, statute.MediaType(mediaType)); q > bestQuality {
			best, bestQuality = i, q
		}
	}
	return best
}

// quality returns the weight that Accept fields give a media type, in
// thousandths: that of the most specific range that fits.
//
//	Accept      = #( media-range [ weight ] )
//	media-range = ( "*/*" / ( type "/" "*" ) / ( type "/" subtype ) ) parameters
func quality(accept []string, mediaType string) int {
	kind, _, _ := strings.Cut(mediaType, "/")
	found, fit := 0, 0
	for _, value := range accept {
		for member := range statute.SplitList(value) {
			name := statute.MediaType(member)
			specific := 0
			switch {
			case name == mediaType:
				specific = 3
			case name == kind+"/*":
				specific = 2
			case name == "*/*":
				specific = 1
			}
			if specific > fit {
				found, fit = weight(member), specific
			}
		}
	}
	return found
}

// weight returns the weight of a member of an Accept field in thousandths (RFC
// 9110, 12.4.2). One that is malformed is 1.
//
//	weight = OWS ";" OWS "q=" qvalue
func weight(member string) int {
	for _, param := range strings.Split(member, ";")[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		if q, err := strconv.ParseFloat(value, 64); err == nil && 0 <= q && q <= 1 {
			return int(q*1000 + 0.5)
		}
	}
	return 1000
}
