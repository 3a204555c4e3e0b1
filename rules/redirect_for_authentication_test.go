package rules

import "testing"

func TestLeadsToLogin(t *testing.T) {
	for reference, want := range map[string]bool{
		"/login": true, "/users/sign_in?next=x": true, "/Account/Login": true, "login.html": true, "https://login.shop.example/": true,
		"https://id.example/auth?client_id=shop&response_type=code": true, "/oauth2/start?rd=x": true, "/saml2/idp?SAMLRequest=x": true,
		"/blog/login-tips": false, "/orders/17": false, "https://shop.example/?next=/login": false, "": false,
	} {
		if got := leadsToLogin(reference); got != want {
			t.Errorf("leadsToLogin(%q) = %v", reference, got)
		}
	}
}
