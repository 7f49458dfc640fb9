/* The names of DIDs. See did.h; documents are in did_document.c. */
#include "credential/did.h"
#include "credential/multibase.h"
#include <stdio.h>

#define HOST_MAX 253

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A name of labels, in lower case: "exam.example.org". Numeric addresses are none: did:web excludes them. */
static bool is_host(struct str host)
{
	struct str rest = host, label = {0};
	bool numeric = false;
	if (host.len == 0 || host.len > HOST_MAX)
		return false;
	while (str_next_field(&rest, '.', &label)) {
		if (label.len == 0 || label.len > 63 || label.p[0] == '-' || label.p[label.len - 1] == '-')
			return false;
		numeric = true;
		for (size_t i = 0; i < label.len; i++) {
			char c = label.p[i];
			if (!is_alnum(c) && c != '-')
				return false;
			numeric &= c >= '0' && c <= '9';
		}
	}
	return !numeric; /* the last label */
}

static bool is_port(struct str port)
{
	int64_t n;
	return port.len && port.p[0] != '0' && str_to_i64(port, 1, 65535, &n);
}

bool did_web_of(const char *url, char **ret_did, char **ret_base_url, struct err *err)
{
	struct str rest = str_of(url), host, port = {0};
	if (rest.len > DID_SIZE_MAX / 2 || !str_starts(rest, "https://"))
		return err_set(err, ERR_USAGE, "a public address is https://HOST, and '%.80s' is not", url);
	rest = str_sub(rest, 8, rest.len);
	if (str_ends(rest, "/"))
		rest.len--;
	bool any = str_next_field(&rest, ':', &host);
	if (!any || (rest.p && (port = rest, !is_port(port))) || !is_host(host))
		return err_set(err, ERR_USAGE, "a public address is https://HOST or https://HOST:PORT, with a name and no path; '%.80s' is not",
		               url);
	if (str_is(port, "443"))
		port = (struct str){0};
	_cleanup_free_ char *name = str_dup(host);
	for (char *p = name; *p; p++)
		*p = lower(*p);
	if (ret_did)
		*ret_did = xasprintf("did:web:%s%s%.*s", name, port.len ? "%3A" : "", STR_ARG(port));
	if (ret_base_url)
		*ret_base_url = xasprintf("https://%s%s%.*s", name, port.len ? ":" : "", STR_ARG(port));
	return true;
}

/* "HOST" or "HOST%3APORT". */
static bool read_authority(struct str authority, struct buf *out)
{
	size_t at = 0;
	while (at < authority.len && authority.p[at] != '%')
		at++;
	struct str host = str_sub(authority, 0, at), port = str_sub(authority, at, authority.len);
	bool escaped = str_starts(port, "%3A") || str_starts(port, "%3a");
	if (!is_host(host) || (port.len && (!escaped || !is_port(str_sub(port, 3, port.len)))))
		return false;
	for (size_t i = 0; i < host.len; i++)
		buf_addc(out, lower(host.p[i]));
	if (port.len)
		buf_addf(out, ":%.*s", STR_ARG(str_sub(port, 3, port.len)));
	return true;
}

/* A part of a path that means itself: nothing escaped, no "..". */
static bool is_segment(struct str s)
{
	if (s.len == 0 || s.p[0] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.p[i]) && !strchr("-._~", s.p[i]))
			return false;
	return true;
}

bool did_web_url(const char *did, char **ret, struct err *err)
{
	struct str rest = str_of(did), segment;
	_cleanup_buf_ struct buf out = BUF(2 * DID_SIZE_MAX);
	if (!str_starts(rest, "did:"))
		return err_set(err, ERR_INVALID, "'%.80s' is not a DID", did);
	if (!str_starts(rest, "did:web:"))
		return err_set(err, ERR_UNSUPPORTED, "'%.80s': of the methods of DIDs, web and key are known here", did);
	rest = str_sub(rest, 8, rest.len);
	buf_adds(&out, "https://");
	bool ok = rest.len < DID_SIZE_MAX && str_next_field(&rest, ':', &segment) && read_authority(segment, &out), path = false;
	while (ok && str_next_field(&rest, ':', &segment)) {
		ok = is_segment(segment);
		path = true;
		buf_addf(&out, "/%.*s", STR_ARG(segment));
	}
	if (!ok)
		return err_set(err, ERR_INVALID, "'%.80s' does not name a place on the web", did);
	buf_adds(&out, path ? "/did.json" : "/.well-known/did.json");
	*ret = buf_take(&out, NULL);
	return true;
}

char *did_key_of(const unsigned char key[SIGN_KEY_SIZE])
{
	char text[MULTIKEY_SIZE];
	return xasprintf("did:key:%s", multikey_write(key, text));
}

bool did_key_read(const char *did, unsigned char ret[SIGN_KEY_SIZE], struct err *err)
{
	struct str s = str_of(did);
	if (!str_starts(s, "did:key:"))
		return err_set(err, ERR_UNSUPPORTED, "'%.80s' is not a did:key", did);
	return multikey_read(str_sub(s, 8, s.len), ret, err) ? true : err_prefix(err, "did:key");
}

bool did_split(const char *method, struct str *ret_did, struct str *ret_fragment, struct err *err)
{
	struct str rest = str_of(method), did;
	if (rest.len >= DID_SIZE_MAX || !str_starts(rest, "did:") || !str_next_field(&rest, '#', &did) || did.len < 5 || !rest.p || !rest.len ||
	    memchr(rest.p, '#', rest.len) || memchr(did.p, '?', did.len) || memchr(did.p, '/', did.len))
		return err_set(err, ERR_INVALID, "'%.80s' is not a DID with a fragment", method);
	*ret_did = did;
	*ret_fragment = rest;
	return true;
}
