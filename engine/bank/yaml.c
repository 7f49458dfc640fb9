/* YAML by libyaml's events. See yaml.h. */
#include "bank/yaml.h"
#include "base/mem.h"
#include <assert.h>
#include <yaml.h>

struct builder {
	struct yaml *y;
	struct diags *diags;
	int open[YAML_DEPTH_MAX + 1]; /* the containers that the next node stands in */
	int last[YAML_DEPTH_MAX + 1]; /* the last child of each */
	int count[YAML_DEPTH_MAX + 1];
	int depth;
	bool done;
};

/* The place of line and column (from 0, in characters) within the YAML text. */
static const char *place(const struct yaml *y, size_t line, size_t column)
{
	const char *p = y->text.p, *end = p + y->text.len;
	while (line && p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			break;
		p = nl + 1;
		line--;
	}
	while (column && p < end && *p != '\n') {
		p++;
		while (p < end && ((unsigned char)*p & 0xc0) == 0x80)
			p++;
		column--;
	}
	return p;
}

const char *yaml_at(const struct yaml *y, int node)
{
	return node < 0 ? y->text.p : place(y, (size_t)y->nodes[node].line, (size_t)y->nodes[node].column);
}

void yaml_finish(struct yaml *y)
{
	for (size_t i = 0; i < y->n; i++)
		free(y->nodes[i].text);
	free(y->nodes);
	*y = (struct yaml){0};
}

static bool refuse(struct builder *b, const yaml_mark_t *mark, const char *code, const char *message, const char *help)
{
	diags_add(b->diags, DIAG_ERROR, code, b->y->source, place(b->y, mark->line, mark->column), "%s", message);
	if (help)
		diags_help(b->diags, "%s", help);
	return false;
}

/* Whether the map that is being filled has this key already. Maps are small: the schema's, or a bank's objectives. */
static bool is_duplicate(const struct builder *b, const char *key, size_t len)
{
	const struct yaml *y = b->y;
	bool is_key = true;
	for (int child = yaml_first(y, b->open[b->depth - 1]); child >= 0; child = yaml_next(y, child)) {
		if (is_key && y->nodes[child].len == len && memcmp(y->nodes[child].text, key, len) == 0)
			return true;
		is_key = !is_key;
	}
	return false;
}

static int add_node(struct builder *b, enum yaml_type type, const yaml_mark_t *mark)
{
	struct yaml *y = b->y;
	if (y->n >= YAML_NODES_MAX) {
		(void)refuse(b, mark, "yaml-limit", "too many values in one YAML text", NULL);
		return -1;
	}
	y->nodes = xgrow(y->nodes, y->n, &y->cap, sizeof *y->nodes);
	int at = (int)y->n++;
	y->nodes[at] = (struct yaml_node){.type = type, .first = -1, .next = -1, .line = (int)mark->line, .column = (int)mark->column};
	if (b->depth) {
		int level = b->depth - 1;
		if (b->last[level] < 0)
			y->nodes[b->open[level]].first = at;
		else
			y->nodes[b->last[level]].next = at;
		b->last[level] = at;
		b->count[level]++;
	}
	return at;
}

static bool expects_key(const struct builder *b)
{
	assert(!b->depth || b->y->nodes);
	return b->depth && b->y->nodes[b->open[b->depth - 1]].type == YAML_MAP && b->count[b->depth - 1] % 2 == 0;
}

static bool on_container(struct builder *b, const yaml_event_t *e, enum yaml_type type)
{
	if (expects_key(b))
		return refuse(b, &e->start_mark, "yaml-key", "a key must be plain text", NULL);
	if (b->depth == 0 && type != YAML_MAP)
		return refuse(b, &e->start_mark, "yaml-type", "expected `key: value` lines, found a list", NULL);
	if (b->depth >= YAML_DEPTH_MAX)
		return refuse(b, &e->start_mark, "yaml-limit", "nested too deeply", NULL);
	int at = add_node(b, type, &e->start_mark);
	if (at < 0)
		return false;
	b->open[b->depth] = at;
	b->last[b->depth] = -1;
	b->count[b->depth++] = 0;
	return true;
}

static bool on_scalar(struct builder *b, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	bool quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (b->depth == 0) {
		if (len == 0 && !quoted)
			return true; /* an empty document */
		return refuse(b, &e->start_mark, "yaml-type", "expected `key: value` lines, found only text", NULL);
	}
	if (memchr(text, 0, len))
		return refuse(b, &e->start_mark, "yaml-syntax", "a NUL character", NULL);
	if (expects_key(b) && b->count[b->depth - 1] > 400)
		return refuse(b, &e->start_mark, "yaml-limit", "more than 200 keys in one mapping", NULL);
	if (expects_key(b) && is_duplicate(b, text, len)) {
		diags_add(b->diags, DIAG_ERROR, "yaml-duplicate", b->y->source, place(b->y, e->start_mark.line, e->start_mark.column),
		          "the key '%.*s' is here twice", (int)(len > 100 ? 100 : len), text);
		diags_help(b->diags, "keep one of them");
		return false;
	}
	int at = add_node(b, YAML_TEXT, &e->start_mark);
	if (at < 0)
		return false;
	b->y->nodes[at].text = xstrndup(text, len);
	b->y->nodes[at].len = len;
	b->y->nodes[at].quoted = quoted;
	return true;
}

static bool on_event(struct builder *b, const yaml_event_t *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor || e->type == YAML_ALIAS_EVENT)
		return refuse(b, &e->start_mark, "yaml-alias", "anchors (&) and aliases (*) are not allowed",
		              "put a text that begins with & or * in quotes");
	if (tag)
		return refuse(b, &e->start_mark, "yaml-tag", "tags (!) are not allowed", "put a text that begins with ! in quotes");
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->done)
			return refuse(b, &e->start_mark, "yaml-documents", "a second YAML document", "remove the line `---`");
		return true;
	case YAML_DOCUMENT_END_EVENT:
		b->done = true;
		return true;
	case YAML_SCALAR_EVENT:
		return on_scalar(b, e);
	case YAML_SEQUENCE_START_EVENT:
		return on_container(b, e, YAML_LIST);
	case YAML_MAPPING_START_EVENT:
		return on_container(b, e, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return true;
	default:
		return true;
	}
}

static void report_syntax(struct builder *b, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "cannot be read as YAML";
	diags_add(b->diags, DIAG_ERROR, "yaml-syntax", b->y->source, place(b->y, parser->problem_mark.line, parser->problem_mark.column),
	          "%s%s%s", problem, parser->context ? ", " : "", parser->context ? parser->context : "");
	if (strstr(problem, "mapping values are not allowed"))
		diags_help(b->diags, "put a text that contains ': ' in quotes");
	else if (strstr(problem, "cannot start any token"))
		diags_help(b->diags, "indent with spaces; put texts that begin with @, ` or %% in quotes");
	else if (strstr(problem, "expected <block end>") || strstr(problem, "could not find expected ':'"))
		diags_help(b->diags, "each line is `key: value`; lines of one level are indented alike");
}

bool yaml_parse(struct source *source, struct str text, struct diags *diags, struct yaml *ret)
{
	struct yaml y = {.source = source, .text = text};
	struct builder b = {.y = &y, .diags = diags};
	bool ok = text.len <= YAML_SIZE_MAX;
	if (!ok)
		diags_add(diags, DIAG_ERROR, "yaml-limit", source, text.p, "more than %d bytes of YAML", YAML_SIZE_MAX);
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		abort(); /* only when memory is out */
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(text.len ? text.p : ""), text.len);
	for (bool more = ok; more;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			report_syntax(&b, &parser);
			ok = false;
			break;
		}
		more = event.type != YAML_STREAM_END_EVENT;
		ok = on_event(&b, &event);
		yaml_event_delete(&event);
		more = more && ok;
	}
	yaml_parser_delete(&parser);
	if (!ok || !y.n) { /* always a map at 0 */
		for (size_t i = 0; i < y.n; i++)
			free(y.nodes[i].text);
		y.n = 0;
		y.nodes = xgrow(y.nodes, 0, &y.cap, sizeof *y.nodes);
		y.nodes[y.n++] = (struct yaml_node){.type = YAML_MAP, .first = -1, .next = -1};
	}
	*ret = y;
	return ok;
}

int yaml_find(const struct yaml *y, int map, const char *key)
{
	for (int k = y->nodes[map].first; k >= 0;) {
		int value = y->nodes[k].next;
		if (value < 0)
			return -1;
		if (strcmp(y->nodes[k].text, key) == 0)
			return value;
		k = y->nodes[value].next;
	}
	return -1;
}

void yaml_only(const struct yaml *y, int map, const char *const *names, size_t n, struct diags *diags)
{
	for (int k = y->nodes[map].first; k >= 0 && y->nodes[k].next >= 0; k = y->nodes[y->nodes[k].next].next) {
		struct str key = {y->nodes[k].text, y->nodes[k].len};
		bool known = false;
		for (size_t i = 0; i < n && !known; i++)
			known = str_is(key, names[i]);
		if (known)
			continue;
		diags_add(diags, DIAG_ERROR, "unknown-field", y->source, yaml_at(y, k), "there is no field '%.*s' here",
		          (int)(key.len > 100 ? 100 : key.len), key.p);
		diags_did_you_mean(diags, key, names, n);
	}
}

static bool wrong_type(const struct yaml *y, int node, const char *what, const char *expected, struct diags *diags)
{
	static const char *const found[] = {"a text", "a list", "a mapping"};
	diags_add(diags, DIAG_ERROR, "field-type", y->source, yaml_at(y, node), "%s: expected %s, found %s", what, expected,
	          found[y->nodes[node].type]);
	return false;
}

bool yaml_is(const struct yaml *y, int node, enum yaml_type type, const char *what, struct diags *diags)
{
	static const char *const names[] = {"a text", "a list", "a mapping"};
	return y->nodes[node].type == type || wrong_type(y, node, what, names[type], diags);
}

bool yaml_text(const struct yaml *y, int node, const char *what, size_t len_max, struct str *ret, struct diags *diags)
{
	const struct yaml_node *v = &y->nodes[node];
	if (v->type != YAML_TEXT)
		return wrong_type(y, node, what, "a text", diags);
	bool null = !v->quoted && (v->len == 0 || strcmp(v->text, "~") == 0 || strcmp(v->text, "null") == 0);
	if (null || v->len == 0) {
		diags_add(diags, DIAG_ERROR, "field-empty", y->source, yaml_at(y, node), "%s is empty", what);
		diags_help(diags, "write a value, or remove the field");
		return false;
	}
	if (v->len > len_max) {
		diags_add(diags, DIAG_ERROR, "field-long", y->source, yaml_at(y, node), "%s is longer than %zu bytes", what, len_max);
		return false;
	}
	*ret = (struct str){v->text, v->len};
	return true;
}

bool yaml_id(const struct yaml *y, int node, const char *what, struct str *ret, struct diags *diags)
{
	struct str text;
	if (!yaml_text(y, node, what, 1000, &text, diags))
		return false;
	if (!str_is_id(text)) {
		_cleanup_free_ char *slug = str_slug(text, 64);
		diags_add(diags, DIAG_ERROR, "bad-id", y->source, yaml_at(y, node), "%s: '%.*s' is not an id (a-z, 0-9 and '-', at most 64)", what,
		          (int)(text.len > 100 ? 100 : text.len), text.p);
		diags_help(diags, "for example '%s'", slug);
		return false;
	}
	*ret = text;
	return true;
}

bool yaml_bool(const struct yaml *y, int node, const char *what, bool *ret, struct diags *diags)
{
	struct str text;
	if (!yaml_text(y, node, what, 1000, &text, diags))
		return false;
	if (str_is(text, "true") || str_is(text, "false")) {
		*ret = text.p[0] == 't';
		return true;
	}
	diags_add(diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, node), "%s must be true or false", what);
	if (str_eq_nocase(text, STR("yes")) || str_eq_nocase(text, STR("on")))
		diags_help(diags, "write true");
	else if (str_eq_nocase(text, STR("no")) || str_eq_nocase(text, STR("off")))
		diags_help(diags, "write false");
	return false;
}

bool yaml_int(const struct yaml *y, int node, const char *what, int64_t min, int64_t max, int64_t *ret, struct diags *diags)
{
	struct str text;
	if (!yaml_text(y, node, what, 1000, &text, diags))
		return false;
	if (str_to_i64(text, min, max, ret))
		return true;
	diags_add(diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, node), "%s must be a whole number from %lld to %lld", what,
	          (long long)min, (long long)max);
	return false;
}

bool yaml_number(const struct yaml *y, int node, const char *what, double min, double max, double *ret, struct diags *diags)
{
	struct str text;
	double v;
	if (!yaml_text(y, node, what, 1000, &text, diags))
		return false;
	if (!str_to_double(text, &v) || v < min || v > max) {
		diags_add(diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, node), "%s must be a number from %g to %g", what, min, max);
		return false;
	}
	*ret = v;
	return true;
}

bool yaml_choice(const struct yaml *y, int node, const char *what, const char *const *names, size_t n, int *ret, struct diags *diags)
{
	struct str text;
	if (!yaml_text(y, node, what, 1000, &text, diags))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (str_is(text, names[i])) {
			*ret = (int)i;
			return true;
		}
	}
	diags_add(diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, node), "%s cannot be '%.*s'", what,
	          (int)(text.len > 100 ? 100 : text.len), text.p);
	diags_did_you_mean(diags, text, names, n);
	return false;
}

bool yaml_texts(const struct yaml *y, int node, const char *what, size_t n_max, char ***ret, size_t *ret_n, struct diags *diags)
{
	bool list = y->nodes[node].type == YAML_LIST;
	if (!list && y->nodes[node].type != YAML_TEXT)
		return wrong_type(y, node, what, "a list of texts", diags);
	char **texts = NULL;
	size_t n = 0, cap = 0;
	bool ok = true;
	for (int child = list ? y->nodes[node].first : node; child >= 0 && ok; child = list ? y->nodes[child].next : -1) {
		struct str text;
		ok = yaml_text(y, child, what, 1000, &text, diags);
		if (ok && n >= n_max) {
			diags_add(diags, DIAG_ERROR, "field-long", y->source, yaml_at(y, child), "%s: more than %zu entries", what, n_max);
			ok = false;
		}
		if (!ok)
			break;
		texts = xgrow(texts, n, &cap, sizeof *texts);
		texts[n++] = str_dup(text);
	}
	if (!ok) {
		for (size_t i = 0; i < n; i++)
			free(texts[i]);
		free(texts);
		return false;
	}
	*ret = texts;
	*ret_n = n;
	return true;
}
