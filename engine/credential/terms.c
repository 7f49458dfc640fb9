/* The lists of contexts that are known, and looking up terms. See terms.h. */
#include "credential/terms.h"

/* Where others publish what these documents are: W3C's in appendix B.1 of the Verifiable Credentials Data Model 2.0. */
const struct context context_vc = {
    .url = "https://www.w3.org/ns/credentials/v2",
    .published_sha256 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    .canonical_sha256 = "b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf",
    .terms = &terms_vc,
    .is_protected = true,
};
const struct context context_ob = {
    .url = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    .published_sha256 = "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    .canonical_sha256 = "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99",
    .terms = &terms_ob,
    .is_protected = true,
};
const struct context context_extensions = {
    .url = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    .canonical_sha256 = "15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7",
    .terms = &terms_extensions,
};

static const struct context *const certificate[] = {&context_vc, &context_ob, &context_extensions};
static const size_t lengths[] = {1, 3}; /* of the lists: each begins as `certificate` does */

static bool refuse(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(struct err *err, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	err_vset(err, ERR_UNSUPPORTED, fmt, ap);
	va_end(ap);
	return err_add_str(err, "check", "wrong-context");
}

bool contexts_read(const cJSON *document, struct contexts *ret, struct err *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(document, "@context");
	struct contexts found = {.n = 0};
	if (!list)
		return refuse(err, "@context is missing");
	if (!cJSON_IsArray(list))
		return refuse(err, "@context must be a list of addresses");
	for (const cJSON *c = list->child; c; c = c->next) {
		if (!cJSON_IsString(c))
			return refuse(err, "@context[%zu] is not an address: contexts of a document's own are not read", found.n);
		if (found.n == CONTEXTS_MAX || strcmp(c->valuestring, certificate[found.n]->url) != 0)
			return refuse(err, "@context[%zu] is %.200s, which is not known%s%s", found.n, c->valuestring,
			              found.n < CONTEXTS_MAX ? " in this place: here stands " : " beside the others",
			              found.n < CONTEXTS_MAX ? certificate[found.n]->url : "");
		found.list[found.n] = certificate[found.n];
		found.n++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (found.n == lengths[i]) {
			*ret = found;
			return true;
		}
	}
	return refuse(err, "@context has %zu addresses: a certificate has 3, a status list 1", found.n);
}

static cJSON *first(size_t n)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_add_str(list, certificate[i]->url);
	return list;
}

cJSON *contexts_of_certificate(void)
{
	return first(ARRAY_SIZE(certificate));
}
cJSON *contexts_of_status_list(void)
{
	return first(1);
}

const struct term *terms_find(const struct terms *t, const char *name)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, t->terms[middle].name);
		if (order == 0)
			return &t->terms[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
