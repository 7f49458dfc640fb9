/* Who issues: the address that the server is known by, and what the operator says in DATA/issuer.yml. See keys.h.
 *
 *     name: Example Academy
 *     url: https://academy.example
 *     description: Certifies people who run other people's machines.
 *     id: did:web:academy.example     # only if its DID document is served elsewhere
 *
 * and how certificates look (issuer_style.h): if something is wrong with that alone, they look as they do without it, and the log says so.
 *
 * Read at the start. With --public-url https://HOST the issuer is did:web:HOST; without, it is the did:key of the active credentials key,
 * and becomes another one when that key is rotated. */
#include "bank/yaml.h"
#include "base/file.h"
#include "base/log.h"
#include "credential/did.h"
#include "proctor/internal.h"
#include "proctor/issuer_style.h"
#include "proctor/keys.h"
#include "store/key.h"

#define NAME_MAX_BYTES 200
#define DESCRIPTION_MAX_BYTES 2000
#define URL_MAX_BYTES 500

struct issuer_box {
	struct issuer issuer; /* id NULL: a did:key, see below */
	struct issuer **keys; /* one for each did:key that it was so far; they share all but their id */
	size_t n, cap;
	pthread_mutex_t lock;
};

void issuer_finish(struct issuer *issuer)
{
	free(issuer->id);
	free(issuer->base_url);
	free(issuer->name);
	free(issuer->url);
	free(issuer->description);
	issuer_style_finish(&issuer->style);
	*issuer = (struct issuer){0};
}

void issuer_destroy(struct issuer_box *box)
{
	if (!box)
		return;
	for (size_t i = 0; i < box->n; i++) {
		free(box->keys[i]->id);
		free(box->keys[i]);
	}
	free(box->keys);
	issuer_finish(&box->issuer);
	pthread_mutex_destroy(&box->lock);
	free(box);
}
DEFINE_CLEANUP(struct issuer_box, issuer_destroy)

/* ---- issuer.yml ---- */

static bool take_text(const struct yaml *y, const char *key, size_t max, char **ret, struct diags *diags)
{
	struct str text;
	int node = yaml_find(y, 0, key);
	if (node < 0)
		return true;
	if (!yaml_text(y, node, key, max, &text, diags))
		return false;
	*ret = str_dup(text);
	return true;
}

/* http or https, without white space or quotes: it becomes a link. */
static bool is_link(const char *url)
{
	struct str s = str_of(url);
	return (str_starts(s, "https://") || str_starts(s, "http://")) && strcspn(url, " \t\r\n\"'<>\\") == s.len && s.len > 10;
}

static void refuse(const struct yaml *y, const char *key, struct diags *diags, const char *why)
{
	diags_add(diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, yaml_find(y, 0, key)), "%s: %s", key, why);
}

static void read_fields(const struct yaml *y, struct issuer *issuer, struct diags *diags)
{
	static const char *const names[] = {"id", "name", "url", "description", ISSUER_STYLE_KEYS};
	_cleanup_free_ char *address = NULL;
	struct err err;
	yaml_only(y, 0, names, ARRAY_SIZE(names), diags);
	bool ok = take_text(y, "name", NAME_MAX_BYTES, &issuer->name, diags) &&
	          take_text(y, "description", DESCRIPTION_MAX_BYTES, &issuer->description, diags) &&
	          take_text(y, "url", URL_MAX_BYTES, &issuer->url, diags) && take_text(y, "id", DID_SIZE_MAX - 100, &issuer->id, diags);
	if (ok && issuer->url && !is_link(issuer->url))
		refuse(y, "url", diags, "this is not an http or https address");
	if (ok && issuer->id && !did_web_url(issuer->id, &address, &err))
		refuse(y, "id", diags, err.msg);
}

bool issuer_file(const char *data_dir, struct issuer *ret, struct diags *diags, size_t *ret_n_fatal, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s/issuer.yml", data_dir);
	_cleanup_buf_ struct buf text = BUF(YAML_SIZE_MAX);
	struct err why;
	struct yaml y;
	issuer_style_default(&ret->style);
	if (!file_read(path, YAML_SIZE_MAX, &text, &why))
		return why.code == ERR_NOT_FOUND ? true : err_set(err, why.code, "%s", why.msg);
	if (!str_is_utf8(buf_str(&text), NULL))
		return err_set(err, ERR_INVALID, "%s is not UTF-8", path);
	struct source source = {.path = path, .bytes = buf_str(&text)};
	if (yaml_parse(&source, source.bytes, diags, &y))
		read_fields(&y, ret, diags);
	*ret_n_fatal = diags->n_errors;
	if (diags->n_errors == 0)
		issuer_style_read(&y, data_dir, &ret->style, diags);
	yaml_finish(&y);
	source_finish(&source);
	return true;
}

static bool read_file(struct proctor *pr, struct issuer *issuer, struct err *err)
{
	struct diags diags = {0};
	size_t n_fatal = 0;
	bool ok = issuer_file(pr->data_dir, issuer, &diags, &n_fatal, err);
	if (n_fatal)
		ok = err_set(err, ERR_INVALID, "%s:%d:%d: %s", diags.list[0].file, diags.list[0].line, diags.list[0].column, diags.list[0].message);
	for (size_t i = 0; ok && !pr->beside && i < diags.n; i++)
		log_warn("certificates look as if there were no colours, logo and signers: %s:%d:%d: %s", diags.list[i].file, diags.list[i].line,
		         diags.list[i].column, diags.list[i].message);
	diags_finish(&diags);
	return ok;
}

/* ---- The address ---- */

static bool remember_url(struct proctor *pr, const char *url, struct err *err)
{
	char before[DID_SIZE_MAX];
	if (!store_public_url_get(pr->wr, before, sizeof before, err))
		return false;
	return strcmp(before, url) == 0 || store_public_url_put(pr->wr, url, err);
}

static bool take_url(struct proctor *pr, struct issuer *issuer, struct err *err)
{
	char known[DID_SIZE_MAX] = "";
	_cleanup_free_ char *did = NULL;
	if (pr->beside && !store_public_url_get(pr->wr, known, sizeof known, err))
		return false;
	const char *url = pr->public_url ? pr->public_url : known;
	if (*url && !did_web_of(url, &did, &issuer->base_url, err))
		return false;
	if (!issuer->id)
		issuer->id = take_ptr(did);
	return pr->beside || remember_url(pr, issuer->base_url ? issuer->base_url : "", err);
}

void issuer_name_default(struct issuer *issuer)
{
	if (!issuer->name)
		issuer->name = xstrdup(issuer->base_url ? issuer->base_url + strlen("https://") : "Assay on a computer without a public address");
}

bool issuer_start(struct proctor *pr, struct err *err)
{
	_cleanup_(issuer_destroyp) struct issuer_box *box = xcalloc(1, sizeof *box);
	struct issuer *issuer = &box->issuer;
	pthread_mutex_init(&box->lock, NULL);
	if (!read_file(pr, issuer, err) || !take_url(pr, issuer, err))
		return false;
	if (issuer->id && !issuer->base_url)
		return err_set(err, ERR_INVALID, "%s/issuer.yml names an id: then the server needs its address, too (--public-url)", pr->data_dir);
	issuer_name_default(issuer);
	if (!issuer->url && issuer->base_url)
		issuer->url = xstrdup(issuer->base_url);
	pr->issuer = take_ptr(box);
	return true;
}

/* The did:key of now. The lock is held. */
static const struct issuer *of_key(struct issuer_box *box, const unsigned char key[SIGN_KEY_SIZE])
{
	_cleanup_free_ char *did = did_key_of(key);
	for (size_t i = 0; i < box->n; i++)
		if (strcmp(box->keys[i]->id, did) == 0)
			return box->keys[i];
	struct issuer *issuer = xcalloc(1, sizeof *issuer);
	*issuer = box->issuer;
	issuer->id = take_ptr(did);
	box->keys = xgrow(box->keys, box->n, &box->cap, sizeof *box->keys);
	box->keys[box->n++] = issuer;
	return issuer;
}

bool issuer_get(struct proctor *pr, const struct issuer **ret, struct err *err)
{
	struct issuer_box *box = pr->issuer;
	unsigned char key[SIGN_KEY_SIZE];
	(void)err;
	if (box->issuer.id) {
		*ret = &box->issuer;
		return true;
	}
	keys_public(pr, KEY_CREDENTIALS, key);
	pthread_mutex_lock(&box->lock);
	*ret = of_key(box, key);
	pthread_mutex_unlock(&box->lock);
	return true;
}

char *key_method(struct proctor *pr, const struct sign_key *key)
{
	char name[MULTIKEY_SIZE];
	multikey_write(key->public_key, name);
	return pr->issuer->issuer.id ? xasprintf("%s#%s", pr->issuer->issuer.id, name) : xasprintf("did:key:%s#%s", name, name);
}
