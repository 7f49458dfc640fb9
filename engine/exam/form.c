/* A form in memory and as it is stored: deterministic JSON with every order, opaque id and drawn instance, so that a form never has to be
 * drawn again.
 *
 *     {"v":1,
 *      "items":[{"id":"ibcdf","item":"sticky-bit","unscored":false,"instance":"{…}"|null,
 *                "order":[2,0,1],"options":["obcd","ofgh","ojkm"],"target_order":[],"targets":[],"blanks":[{"order":[1,0],"ids":["o…","o…"]},null]}],
 *      "sections":[{"id":"s1","title":"","break":false,"clock_stopped":false,"no_return":false,"duration_ms":0,"first":0,"count":40}],
 *      "study":true}        (left out when it is false)
 *
 * Decoding trusts nothing: orders must be permutations of what the bank's item has, ids well formed and unique, sections in sequence. */
#include "exam/internal.h"
#include <assert.h>

#define FORM_SIZE_MAX (64u << 20)

static void item_finish(struct form_item *fi)
{
	for (size_t b = 0; b < fi->n_blanks; b++) {
		free(fi->blank_orders[b]);
		free(fi->blank_ids[b]);
	}
	free(fi->blank_orders);
	free(fi->blank_ids);
	free(fi->order);
	free(fi->target_order);
	free(fi->option_ids);
	free(fi->target_ids);
	free(fi->item_id);
	item_destroy(fi->instance);
}

void form_destroy(struct form *form)
{
	if (!form)
		return;
	for (size_t i = 0; i < form->n_items; i++)
		item_finish(&form->items[i]);
	for (size_t i = 0; i < form->n_sections; i++) {
		free(form->sections[i].id);
		free(form->sections[i].title);
	}
	free(form->items);
	free(form->sections);
	free(form);
}

int form_find(const struct form *form, const char *id)
{
	for (size_t i = 0; i < form->n_items; i++)
		if (strcmp(form->items[i].id, id) == 0)
			return (int)i;
	return -1;
}

/* ---- Encoding ---- */

static void add_order(struct buf *out, const size_t *order, size_t n)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%s%zu", i ? "," : "", order[i]);
	buf_addc(out, ']');
}

static void add_ids(struct buf *out, char (*ids)[8], size_t n)
{
	buf_addc(out, '[');
	for (size_t i = 0; ids && i < n; i++)
		buf_addf(out, "%s\"%s\"", i ? "," : "", ids[i]);
	buf_addc(out, ']');
}

static void encode_item(const struct form_item *fi, struct buf *out)
{
	const struct item *it = fi->item;
	buf_addf(out, "{\"id\":\"%s\",\"item\":", fi->id);
	buf_add_json(out, str_of(fi->item_id));
	buf_addf(out, ",\"unscored\":%s,\"instance\":", fi->unscored ? "true" : "false");
	if (fi->instance) {
		_cleanup_buf_ struct buf b = BUF(FORM_SIZE_MAX);
		item_encode(fi->instance, &b);
		buf_add_json(out, buf_str(&b));
	} else {
		buf_adds(out, "null");
	}
	buf_adds(out, ",\"order\":");
	add_order(out, fi->order, arrange_count(it));
	buf_adds(out, ",\"options\":");
	add_ids(out, fi->option_ids, it->n_options);
	buf_adds(out, ",\"target_order\":");
	add_order(out, fi->target_order, it->n_targets);
	buf_adds(out, ",\"targets\":");
	add_ids(out, fi->target_ids, it->n_targets);
	buf_adds(out, ",\"blanks\":[");
	for (size_t b = 0; b < it->n_blanks; b++) {
		buf_adds(out, b ? "," : "");
		if (!it->blanks[b].n_options) {
			buf_adds(out, "null");
			continue;
		}
		buf_adds(out, "{\"order\":");
		add_order(out, fi->blank_orders[b], it->blanks[b].n_options);
		buf_adds(out, ",\"ids\":");
		add_ids(out, fi->blank_ids[b], it->blanks[b].n_options);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}

static void encode_section(const struct form_section *s, struct buf *out)
{
	buf_adds(out, "{\"id\":");
	buf_add_json(out, str_of(s->id));
	buf_adds(out, ",\"title\":");
	buf_add_json(out, str_of(s->title));
	buf_addf(out, ",\"break\":%s,\"clock_stopped\":%s,\"no_return\":%s,\"duration_ms\":%lld,\"first\":%zu,\"count\":%zu}",
	         s->is_break ? "true" : "false", s->clock_stopped ? "true" : "false", s->no_return ? "true" : "false",
	         (long long)s->duration_ms, s->first, s->count);
}

void form_encode(const struct form *form, struct buf *out)
{
	buf_adds(out, "{\"v\":1,\"items\":[");
	for (size_t i = 0; i < form->n_items; i++) {
		buf_adds(out, i ? "," : "");
		encode_item(&form->items[i], out);
	}
	buf_adds(out, "],\"sections\":[");
	for (size_t i = 0; i < form->n_sections; i++) {
		buf_adds(out, i ? "," : "");
		encode_section(&form->sections[i], out);
	}
	buf_adds(out, form->study ? "],\"study\":true}" : "]}");
}

/* ---- Decoding ---- */

/* A permutation of 0 … n-1. */
static bool get_order(const cJSON *obj, const char *path, const char *key, size_t n, size_t **ret, struct err *err)
{
	const cJSON *list;
	if (!json_get_array(obj, path, key, BANK_ITEMS_MAX, &list, err))
		return false;
	size_t *order = xcalloc(n + 1, sizeof *order), k = 0;
	bool *seen = xcalloc(n + 1, sizeof *seen), ok = true;
	for (const cJSON *c = list->child; ok && c; c = c->next) {
		double v = cJSON_IsNumber(c) ? c->valuedouble : -1;
		ok = k < n && v >= 0 && v < (double)n && v == (double)(size_t)v && !seen[(size_t)v];
		if (ok) {
			seen[(size_t)v] = true;
			order[k++] = (size_t)v;
		}
	}
	free(seen);
	if (!ok || k != n) {
		free(order);
		return err_set(err, ERR_INVALID, "%s.%s is not an order of %zu", path, key, n);
	}
	*ret = order;
	return true;
}

static bool is_opaque_id(const char *s, char prefix)
{
	size_t n = strlen(s);
	if (s[0] != prefix || n < 4 || n > 7)
		return false;
	for (size_t i = 1; i < n; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '2' && s[i] <= '9')))
			return false;
	return true;
}

static bool get_ids(const cJSON *obj, const char *path, const char *key, size_t n, struct names *known, char (**ret)[8], struct err *err)
{
	const cJSON *list;
	if (!json_get_array(obj, path, key, BANK_ITEMS_MAX, &list, err))
		return false;
	char(*ids)[8] = xcalloc(n + 1, sizeof *ids);
	size_t k = 0;
	bool ok = true;
	for (const cJSON *c = list->child; ok && c; c = c->next) {
		ok = k < n && cJSON_IsString(c) && is_opaque_id(c->valuestring, 'o') && names_find(known, c->valuestring) == NONE;
		if (ok) {
			names_add(known, c->valuestring); /* borrowed from the tree, which outlives `known` */
			memcpy(ids[k++], c->valuestring, strlen(c->valuestring));
		}
	}
	if (!ok || k != n) {
		free(ids);
		return err_set(err, ERR_INVALID, "%s.%s are not %zu ids", path, key, n);
	}
	*ret = ids;
	return true;
}

static bool decode_blanks(const cJSON *obj, const char *path, struct form_item *fi, struct names *known, struct err *err)
{
	const cJSON *list;
	size_t n = fi->item->n_blanks, b = 0;
	if (!json_get_array(obj, path, "blanks", BANK_ITEMS_MAX, &list, err))
		return false;
	if ((size_t)cJSON_GetArraySize(list) != n)
		return err_set(err, ERR_INVALID, "%s.blanks are not %zu", path, n);
	if (!n)
		return true;
	fi->n_blanks = n;
	fi->blank_orders = xcalloc(n, sizeof *fi->blank_orders);
	fi->blank_ids = xcalloc(n, sizeof(char(*)[8]));
	for (const cJSON *c = list->child; c; c = c->next, b++) {
		size_t n_options = fi->item->blanks[b].n_options;
		if (n_options ? !cJSON_IsObject(c) : !cJSON_IsNull(c))
			return err_set(err, ERR_INVALID, "%s.blanks[%zu] is of the other kind", path, b);
		if (n_options && (!get_order(c, path, "order", n_options, &fi->blank_orders[b], err) ||
		                  !get_ids(c, path, "ids", n_options, known, &fi->blank_ids[b], err)))
			return false;
	}
	return true;
}

static bool find_item(const struct bank *bank, const cJSON *obj, const char *path, struct form_item *fi, struct err *err)
{
	const char *id = NULL, *instance = NULL;
	if (!json_get_str(obj, path, "item", 200, &id, err) || !json_opt_str(obj, path, "instance", FORM_SIZE_MAX, &instance, err))
		return false;
	fi->item = bank_item(bank, id);
	if (!fi->item)
		return err_set(err, ERR_INVALID, "%s: the bank has no item '%s'", path, id);
	if (instance && !item_decode(str_of(instance), &fi->instance, err)) {
		fi->item = NULL;
		return err_prefix(err, "%s.instance", path);
	}
	if (fi->instance)
		fi->item = fi->instance;
	fi->item_id = xstrdup(id);
	return true;
}

static bool decode_item(const struct bank *bank, const cJSON *obj, size_t index, struct names *known, struct form_item *fi, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("items[%zu]", index);
	const char *id = NULL;
	if (!json_get_str(obj, path, "id", 7, &id, err))
		return false;
	if (!is_opaque_id(id, 'i') || names_find(known, id) != NONE)
		return err_set(err, ERR_INVALID, "%s.id is malformed or stands twice", path);
	names_add(known, id);
	memcpy(fi->id, id, strlen(id));
	if (!find_item(bank, obj, path, fi, err))
		return false;
	const struct item *it = fi->item;
	assert(it);
	size_t n_ids = it->kind == ITEM_HOTSPOT ? 0 : it->n_options;
	if (!json_opt_bool(obj, path, "unscored", &fi->unscored, err) || !get_order(obj, path, "order", arrange_count(it), &fi->order, err) ||
	    !get_ids(obj, path, "options", n_ids, known, &fi->option_ids, err) ||
	    !get_order(obj, path, "target_order", it->n_targets, &fi->target_order, err) ||
	    !get_ids(obj, path, "targets", it->n_targets, known, &fi->target_ids, err))
		return false;
	return decode_blanks(obj, path, fi, known, err);
}

static bool decode_items(const struct bank *bank, const cJSON *root, struct form *form, struct err *err)
{
	const cJSON *list;
	if (!json_get_array(root, "", "items", FORM_ITEMS_MAX, &list, err))
		return false;
	form->items = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *form->items);
	struct names known = {0};
	bool ok = true;
	for (const cJSON *c = list->child; ok && c; c = c->next) {
		form->n_items++;
		ok = decode_item(bank, c, form->n_items - 1, &known, &form->items[form->n_items - 1], err);
	}
	names_finish(&known);
	return ok;
}

static bool decode_section(const cJSON *obj, struct form *form, size_t *next_item, struct err *err)
{
	const char *id = NULL, *title = "";
	int64_t duration = 0, first = 0, count = 0;
	struct form_section *s = &form->sections[form->n_sections];
	if (!json_get_str(obj, "sections[]", "id", 200, &id, err) || !json_opt_str(obj, "sections[]", "title", 10000, &title, err) ||
	    !json_opt_bool(obj, "sections[]", "break", &s->is_break, err) ||
	    !json_opt_bool(obj, "sections[]", "clock_stopped", &s->clock_stopped, err) ||
	    !json_opt_bool(obj, "sections[]", "no_return", &s->no_return, err) ||
	    !json_get_i64(obj, "sections[]", "duration_ms", 0, INT64_C(1) << 52, &duration, err) ||
	    !json_get_i64(obj, "sections[]", "first", 0, FORM_ITEMS_MAX, &first, err) ||
	    !json_get_i64(obj, "sections[]", "count", 0, FORM_ITEMS_MAX, &count, err))
		return false;
	if ((size_t)first != *next_item || (size_t)count > form->n_items - *next_item)
		return err_set(err, ERR_INVALID, "sections[%zu] does not follow the one before it", form->n_sections);
	s->id = xstrdup(id);
	s->title = xstrdup(title);
	s->duration_ms = duration;
	s->first = (size_t)first;
	s->count = (size_t)count;
	*next_item += s->count;
	form->n_sections++;
	return true;
}

static bool decode_sections(const cJSON *root, struct form *form, struct err *err)
{
	const cJSON *list;
	if (!json_get_array(root, "", "sections", FORM_SECTIONS_MAX, &list, err))
		return false;
	size_t next_item = 0;
	form->sections = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *form->sections);
	for (const cJSON *c = list->child; c; c = c->next)
		if (!decode_section(c, form, &next_item, err))
			return false;
	if (!form->n_sections || next_item != form->n_items)
		return err_set(err, ERR_INVALID, "sections hold %zu items and the form has %zu", next_item, form->n_items);
	return true;
}

bool form_decode(const struct bank *bank, struct str bytes, struct form **ret, struct err *err)
{
	_cleanup_json_ cJSON *root = NULL;
	int64_t version;
	if (!json_parse(bytes, &root, err) || !json_get_i64(root, "", "v", 1, 1, &version, err))
		return err_prefix(err, "form");
	_cleanup_(form_destroyp) struct form *form = xcalloc(1, sizeof *form);
	if (!decode_items(bank, root, form, err) || !decode_sections(root, form, err) ||
	    !json_opt_bool(root, "form", "study", &form->study, err))
		return err_prefix(err, "form");
	*ret = take_ptr(form);
	return true;
}
