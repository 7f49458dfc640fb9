/* The key of a later text for a question that was drawn before. See rekey.h.
 *
 * Only what is right changes: keys, matches, orders, numbers, accepted texts, right regions; and the explanation that goes with them.
 * Options, rows and columns are found by their text in the bank, so that it does not matter where they stood. One that is not found has
 * no key today, and then nobody can say what a candidate who saw it is worth. */
#include "exam/rekey.h"
#include "exam/internal.h"

#define ITEM_BYTES_MAX (16u << 20)

static bool cannot(struct err *err, const char *why)
{
	return err_set(err, ERR_CONFLICT, "%s", why);
}

/* Where an option stands today, by its text; NONE. */
static size_t find_option(const struct item_option *o, const struct item_option *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(o->html, list[i].html) == 0)
			return i;
	return NONE;
}

/* Two of the same text that are not equally right, or do not belong to the same: nobody can say which was seen. */
static bool keys_are_clear(const struct item_option *list, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (strcmp(list[i].html, list[k].html) == 0 && (list[i].key != list[k].key || list[i].match != list[k].match))
				return err_set(err, ERR_CONFLICT, "two options are '%.80s' today, with different keys",
				               list[i].text && *list[i].text ? list[i].text : list[i].html);
	return true;
}

static bool lost_option(const struct item_option *o, struct err *err)
{
	return err_set(err, ERR_CONFLICT, "'%.80s' is not an option any more", o->text && *o->text ? o->text : o->html);
}

static void replace(char **to, const char *from)
{
	char *copy = from ? xstrdup(from) : NULL;
	free(*to);
	*to = copy;
}

/* ---- By kind ---- */

static bool is_choice(const struct item *it)
{
	return it->kind == ITEM_SINGLE || it->kind == ITEM_MULTIPLE || it->kind == ITEM_TRUE_FALSE;
}

static bool rekey_choices(struct item_option *to, const struct item_option *was, size_t n, const struct item_option *now, size_t n_now,
                          bool told, struct err *err)
{
	size_t keys = 0;
	if (!keys_are_clear(now, n_now, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t k = find_option(&was[i], now, n_now);
		if (k == NONE)
			return lost_option(&was[i], err);
		to[i].key = now[k].key;
		keys += now[k].key;
		if (told)
			replace(&to[i].feedback_html, now[k].feedback_html);
	}
	return keys ? true : cannot(err, "none of the options that were shown is right today");
}

static bool rekey_pairs(struct item *to, const struct item *was, const struct item *now, struct err *err)
{
	if (!keys_are_clear(now->options, now->n_options, err))
		return false;
	for (size_t i = 0; i < was->n_options; i++) {
		size_t k = find_option(&was->options[i], now->options, now->n_options);
		if (k == NONE)
			return lost_option(&was->options[i], err);
		int match = now->options[k].match;
		size_t t = match < 0 || (size_t)match >= now->n_targets ? NONE : find_option(&now->targets[match], was->targets, was->n_targets);
		if (t == NONE)
			return cannot(err, "what belongs together today was not on the form");
		to->options[i].match = (int)t;
	}
	return true;
}

static size_t find_line(const struct item_option *o, const struct item_option *list, size_t n, bool *taken)
{
	for (size_t i = 0; i < n; i++)
		if (!taken[i] && strcmp(o->html, list[i].html) == 0) {
			taken[i] = true;
			return i;
		}
	return NONE;
}

/* The order of the array is the key, so its lines move, and the order in which they were shown with them. */
static bool rekey_order(struct rekeyed *r, const struct item *was, const struct item *now, struct err *err)
{
	size_t n = was->n_options;
	struct item *to = r->item;
	if (now->n_options != n)
		return cannot(err, "there are other lines to order today");
	struct item_option *moved = xcalloc(n + 1, sizeof *moved);
	r->order = xcalloc(n + 1, sizeof *r->order);
	size_t *place = xcalloc(n + 1, sizeof *place);          /* of each line in the new order */
	bool *taken = xcalloc(n + 1, sizeof *taken), ok = true; /* two lines may say the same: each has its own place */
	for (size_t i = 0; i < n && ok; i++) {
		place[i] = find_line(&was->options[i], now->options, n, taken);
		ok = place[i] != NONE ? true : lost_option(&was->options[i], err);
	}
	free(taken);
	for (size_t i = 0; i < n && ok; i++) {
		moved[place[i]] = to->options[i];
		r->order[i] = place[r->fi.order[i]];
	}
	if (ok) {
		memcpy(to->options, moved, n * sizeof *moved);
		r->fi.order = r->order;
	}
	free(place);
	free(moved);
	return ok;
}

static bool has_name(const struct item_text *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(texts[i].pattern, "@{"))
			return true;
	return false;
}

static void free_texts(struct item_text *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(texts[i].pattern);
		free(texts[i].reason_html);
	}
	free(texts);
}

static bool rekey_texts(struct item_text **to, size_t *to_n, const struct item_text *now, size_t n, bool drawn, struct err *err)
{
	if (drawn && has_name(now, n))
		return cannot(err, "the right answer depends on numbers that were drawn");
	struct item_text *texts = xcalloc(n + 1, sizeof *texts);
	for (size_t i = 0; i < n; i++) {
		texts[i] = now[i];
		texts[i].pattern = xstrdup(now[i].pattern);
		texts[i].reason_html = now[i].reason_html ? xstrdup(now[i].reason_html) : NULL;
	}
	free_texts(*to, *to_n);
	*to = texts;
	*to_n = n;
	return true;
}

static bool rekey_blanks(struct item *to, const struct item *was, const struct item *now, bool drawn, struct err *err)
{
	if (was->n_blanks != now->n_blanks)
		return cannot(err, "there are other gaps today");
	for (size_t b = 0; b < was->n_blanks; b++) {
		struct item_blank *into = &to->blanks[b];
		const struct item_blank *before = &was->blanks[b], *today = &now->blanks[b];
		if (!before->n_options != !today->n_options)
			return cannot(err, "a gap that was chosen is written today, or the other way round");
		if (before->n_options
		        ? !rekey_choices(into->options, before->options, before->n_options, today->options, today->n_options, false, err)
		        : !rekey_texts(&into->texts, &into->n_texts, today->texts, today->n_texts, drawn, err))
			return err_prefix(err, "gap %zu", b + 1);
	}
	return true;
}

static bool rekey_numbers(struct item *to, const struct item *was, const struct item *now, bool drawn, struct err *err)
{
	bool same = was->n_units == now->n_units;
	for (size_t i = 0; same && i < was->n_units; i++)
		same = strcmp(was->units[i], now->units[i]) == 0;
	if (drawn)
		return cannot(err, "the right answer depends on numbers that were drawn");
	if (!same)
		return cannot(err, "the answer has another unit today");
	struct item_number *numbers = xcalloc(now->n_numbers + 1, sizeof *numbers);
	for (size_t i = 0; i < now->n_numbers; i++) {
		numbers[i] = now->numbers[i];
		numbers[i].unit = now->numbers[i].unit ? xstrdup(now->numbers[i].unit) : NULL;
	}
	for (size_t i = 0; i < to->n_numbers; i++)
		free(to->numbers[i].unit);
	free(to->numbers);
	to->numbers = numbers;
	to->n_numbers = now->n_numbers;
	return true;
}

static bool rekey_regions(struct rekeyed *r, const struct item *was, const struct item *now, struct err *err)
{
	struct item *to = r->item;
	if (strcmp(was->image_html, now->image_html) != 0 || was->image_w != now->image_w || was->image_h != now->image_h)
		return cannot(err, "there is another picture today");
	struct item_region *regions = xcalloc(now->n_regions + 1, sizeof *regions);
	r->order = xcalloc(now->n_regions + 1, sizeof *r->order);
	for (size_t i = 0; i < now->n_regions; i++) {
		regions[i] = now->regions[i];
		regions[i].id = xstrdup(now->regions[i].id);
		regions[i].label = xstrdup(now->regions[i].label);
		r->order[i] = to->n_regions == now->n_regions ? r->fi.order[i] : i;
	}
	for (size_t i = 0; i < to->n_regions; i++) {
		free(to->regions[i].id);
		free(to->regions[i].label);
	}
	free(to->regions);
	to->regions = regions;
	to->n_regions = now->n_regions;
	r->fi.order = r->order;
	return true;
}

static bool rekey(struct rekeyed *r, const struct item *was, const struct item *now, struct err *err)
{
	struct item *to = r->item;
	bool drawn = was->params_lua || now->params_lua;
	if (is_choice(was) && is_choice(now))
		return rekey_choices(to->options, was->options, was->n_options, now->options, now->n_options, !drawn, err);
	if (was->kind != now->kind)
		return err_set(err, ERR_CONFLICT, "the question was a %s one, and is a %s one today", item_kind_name(was->kind),
		               item_kind_name(now->kind));
	switch (was->kind) {
	case ITEM_GRID:
	case ITEM_MATCHING:
		return rekey_pairs(to, was, now, err);
	case ITEM_ORDERING:
		return rekey_order(r, was, now, err);
	case ITEM_NUMERIC:
		return rekey_numbers(to, was, now, drawn, err);
	case ITEM_TEXT:
		return rekey_texts(&to->texts, &to->n_texts, now->texts, now->n_texts, drawn, err);
	case ITEM_CLOZE:
		return rekey_blanks(to, was, now, drawn, err);
	case ITEM_HOTSPOT:
		return rekey_regions(r, was, now, err);
	case ITEM_ESSAY:
		return cannot(err, "essays are marked by people: see assay mark");
	case ITEM_TASK:
		return cannot(err, "tasks are graded again: see assay regrade");
	case ITEM_SINGLE:
	case ITEM_MULTIPLE:
	case ITEM_TRUE_FALSE:
	case ITEM_KINDS:
		break;
	}
	return cannot(err, "this kind of question has no key");
}

/* The instance has the options of its text, in the same places. */
static bool same_shape(const struct item *drawn, const struct item *was)
{
	return drawn->kind == was->kind && drawn->n_options == was->n_options && drawn->n_targets == was->n_targets &&
	       drawn->n_blanks == was->n_blanks;
}

bool rekey_item(const struct form_item *drawn, const struct item *was, const struct item *now, struct rekeyed *ret, struct err *err)
{
	struct rekeyed r = {.fi = *drawn};
	_cleanup_buf_ struct buf bytes = BUF(ITEM_BYTES_MAX);
	if (!same_shape(drawn->item, was))
		return cannot(err, "the form has another question");
	item_encode(drawn->item, &bytes);
	if (!buf_check(&bytes, "the question", err) || !item_decode(buf_str(&bytes), &r.item, err))
		return false;
	r.fi.item = r.item;
	r.fi.instance = NULL;
	if (!rekey(&r, was, now, err)) {
		rekeyed_finish(&r);
		return false;
	}
	if (!was->params_lua && !now->params_lua) {
		replace(&r.item->explanation_html, now->explanation_html);
		replace(&r.item->references_html, now->references_html);
	}
	*ret = r;
	return true;
}

void rekeyed_finish(struct rekeyed *r)
{
	item_destroy(r->item);
	free(r->order);
	*r = (struct rekeyed){0};
}
