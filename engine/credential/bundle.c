/* Bundles. See bundle.h. */
#include "credential/bundle.h"
#include "base/clock.h"
#include "credential/jcs.h"

#define TEXT_MAX (64u << 10)
#define VERSION "assay-bundle/v1"

bool bundle_is(const cJSON *tree)
{
	return cJSON_IsObject(tree) && cJSON_GetObjectItemCaseSensitive(tree, "bundle");
}

static bool take_object(const cJSON *tree, const char *key, const cJSON **ret, struct err *err)
{
	const cJSON *o = cJSON_GetObjectItemCaseSensitive(tree, key);
	return !o || cJSON_IsNull(o) ? true : json_get_object(tree, "", key, ret, err);
}

bool bundle_take(cJSON *tree, struct bundle *ret, struct err *err)
{
	static const char *const known[] = {"bundle", "credential", "didDocument", "statusList", "logProof", "logKey", "made", NULL};
	struct bundle b = {0};
	const char *version = NULL, *made = NULL;
	if (!json_get_str(tree, "", "bundle", 64, &version, err))
		return false;
	if (strcmp(version, VERSION) != 0)
		return err_set(err, ERR_UNSUPPORTED, "a bundle of the version '%.40s' is not known here", version);
	if (!json_only_keys(tree, "", known, err) || !json_get_object(tree, "", "credential", &b.credential, err) ||
	    !take_object(tree, "didDocument", &b.did_document, err) || !take_object(tree, "statusList", &b.status_list, err) ||
	    !json_opt_str(tree, "", "logProof", TEXT_MAX, &b.log_proof, err) || !json_opt_str(tree, "", "logKey", TEXT_MAX, &b.log_key, err) ||
	    !json_get_str(tree, "", "made", 64, &made, err) || !clock_parse_rfc3339(made, &b.made_ms, err))
		return false;
	b.tree = tree;
	*ret = b;
	return true;
}

void bundle_finish(struct bundle *b)
{
	cJSON_Delete(b->tree);
	*b = (struct bundle){0};
}

static bool set_json(cJSON *o, const char *key, struct str text, struct err *err)
{
	cJSON *v = NULL;
	if (text.len && !json_parse(text, &v, err))
		return err_prefix(err, "%s", key);
	json_set(o, key, v ? v : cJSON_CreateNull());
	return true;
}

static void set_text(cJSON *o, const char *key, struct str text)
{
	_cleanup_free_ char *s = text.len ? str_dup(text) : NULL;
	json_set_str(o, key, s);
}

bool bundle_write(const struct bundle_parts *parts, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *o = json_object();
	char made[CLOCK_RFC3339_SIZE];
	json_set_str(o, "bundle", VERSION);
	if (!set_json(o, "credential", parts->credential, err) || !set_json(o, "didDocument", parts->did_document, err) ||
	    !set_json(o, "statusList", parts->status_list, err))
		return false;
	set_text(o, "logProof", parts->log_proof);
	set_text(o, "logKey", parts->log_key);
	json_set_str(o, "made", clock_rfc3339(parts->made_ms, made));
	return jcs_canonical(o, out, err);
}
