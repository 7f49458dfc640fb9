/* DIDs and their documents, read from anywhere: the first line is a DID, the second a verification method, the rest a document of that DID.
 * What is found has to be what the document says: a key counts only under its own name. */
#include "credential/did.h"
#include "credential/multibase.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_names(const char *did, const char *method)
{
	char *url = NULL, *base = NULL, *web = NULL;
	struct str name, fragment;
	struct err err;
	if (did_web_url(did, &url, &err))
		require(str_starts(str_of(url), "https://") && str_ends(str_of(url), "/did.json") && !strchr(url, '%') && !strchr(url, '@') &&
		        !strchr(url, '#') && !strstr(url, "/.."));
	free(url);
	url = NULL;
	if (did_web_of(did, &web, &base, &err)) {
		require(did_web_url(web, &url, &err) && strncmp(url, base, strlen(base)) == 0);
		require(strcmp(url + strlen(base), "/.well-known/did.json") == 0);
	}
	free(url);
	free(base);
	free(web);
	if (did_split(method, &name, &fragment, &err))
		require(name.len + 1 + fragment.len == strlen(method) && name.len && fragment.len);
}

static void check_document(struct str text, const char *did, const char *method)
{
	struct did_document d;
	struct err err;
	unsigned char key[SIGN_KEY_SIZE];
	const char *code = NULL;
	if (!did_document_read(text, did, &d, &err))
		return;
	require(strcmp(d.id, did) == 0);
	for (size_t i = 0; i < d.n; i++) {
		char name[MULTIKEY_SIZE];
		require(strncmp(d.methods[i].id, did, strlen(did)) == 0 && d.methods[i].id[strlen(did)] == '#');
		multikey_write(d.methods[i].key, name);
		require(memmem(text.p, text.len, name, strlen(name)) != NULL || memchr(text.p, '\\', text.len)); /* it stands there */
		if (did_find(&d, d.methods[i].id, 0, key, &code, &err))
			require(memcmp(key, d.methods[i].key, sizeof key) == 0 && d.methods[i].asserts);
	}
	if (did_find(&d, method, 0, key, &code, &err))
		require(strncmp(method, did, strlen(did)) == 0 && method[strlen(did)] == '#');
	else
		require(code != NULL);
	did_document_finish(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size}, line;
	char did[1000], method[1000];
	if (!str_next_line(&rest, &line) || line.len >= sizeof did || memchr(line.p, 0, line.len))
		return 0;
	memcpy(did, line.p, line.len);
	did[line.len] = 0;
	if (!str_next_line(&rest, &line) || line.len >= sizeof method || memchr(line.p, 0, line.len))
		return 0;
	memcpy(method, line.p, line.len);
	method[line.len] = 0;
	struct did_document own;
	struct err err;
	check_names(did, method);
	if (did_document_of_key(did, &own, &err))
		did_document_finish(&own);
	check_document((struct str){rest.p ? rest.p : "", rest.len}, did, method);
	return 0;
}
