/* Credentials as RDF. See expand.h; the sections named are of JSON-LD 1.1 Processing Algorithms and API.
 *
 * Which terms are known where is a stack of tables. A property's scope holds for everything below it; those of an object's types hold for
 * that object alone, and are taken off again for the objects in it (section 5.1.2, steps 7 to 11). */
#include "credential/expand.h"
#include "credential/jcs.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LAYERS_MAX 24
#define TYPES_MAX 16
#define JSON_LITERAL_MAX (1u << 20)

/* Where in the document we are; linked upwards, written out only for messages. */
struct at {
	const struct at *up;
	const char *key; /* NULL: element `index` */
	int index;
};

struct scope {
	const struct terms *layers[LAYERS_MAX];
	size_t n, n_kept; /* those below n_kept hold for what is inside, too */
};

struct expander {
	struct rdf *rdf;
	struct err *err;
};

/* ---- Complaints ---- */

static void add_path(const struct at *at, struct buf *out)
{
	if (!at)
		return;
	add_path(at->up, out);
	if (at->key)
		buf_addf(out, "%s%.60s", out->len ? "." : "", at->key);
	else
		buf_addf(out, "[%d]", at->index);
}

static bool refuse(struct expander *x, const struct at *at, const char *word, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static bool refuse(struct expander *x, const struct at *at, const char *word, const char *fmt, ...)
{
	_cleanup_buf_ struct buf path = BUF(300);
	va_list ap;
	add_path(at, &path);
	va_start(ap, fmt);
	err_vset(x->err, ERR_INVALID, fmt, ap);
	va_end(ap);
	err_prefix(x->err, "%s", path.len ? path.p : "the document");
	return err_add_str(x->err, "check", word);
}

const char *expand_word(const struct err *err, char out[32])
{
	const char *from = strstr(err->extra, "\"check\":\"");
	if (!from)
		return NULL;
	from += strlen("\"check\":\"");
	size_t len = strcspn(from, "\"");
	if (len >= 32)
		return NULL;
	memcpy(out, from, len);
	out[len] = 0;
	return out;
}

/* ---- Terms ---- */

static const struct term *find(const struct scope *s, const char *name)
{
	for (size_t i = s->n; i-- > 0;) {
		const struct term *t = terms_find(s->layers[i], name);
		if (t)
			return t;
	}
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_meaning(const struct term *a, const struct term *b)
{
	return same_text(a->iri, b->iri) && a->values == b->values && same_text(a->datatype, b->datatype) && a->container == b->container &&
	       a->scope == b->scope;
}

static bool push(struct expander *x, const struct at *at, struct scope *s, const struct terms *layer)
{
	if (s->n == LAYERS_MAX)
		return refuse(x, at, "wrong-type", "more than %d scopes of terms", LAYERS_MAX);
	s->layers[s->n++] = layer;
	return true;
}

/* What the type `name` brings. Terms are protected: a second type may not give one another meaning (section 4.2.2). */
static bool push_type(struct expander *x, const struct at *at, struct scope *s, const char *name, const struct terms *layer)
{
	for (size_t i = 0; i < layer->n; i++) {
		const struct term *now = find(s, layer->terms[i].name);
		if (now && !same_meaning(now, &layer->terms[i]))
			return refuse(x, at, "wrong-type", "the type %s gives '%s' another meaning than the types beside it", name, now->name);
	}
	return push(x, at, s, layer);
}

/* An absolute IRI, without the characters that RFC 3987 forbids. */
static bool is_iri(const char *s)
{
	size_t scheme = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");
	if (!scheme || s[scheme] != ':' || !((s[0] >= 'A' && s[0] <= 'Z') || (s[0] >= 'a' && s[0] <= 'z')))
		return false;
	for (const char *c = s; *c; c++)
		if ((unsigned char)*c <= 0x20 || *c == 0x7F)
			return false;
	return !s[strcspn(s, "<>\"{}|^`\\")];
}

static bool iri_of(struct expander *x, const struct at *at, const char *s, struct rdf_term *ret)
{
	if (!is_iri(s))
		return refuse(x, at, "wrong-type", "'%.100s' is not an absolute address", s);
	*ret = rdf_iri(x->rdf, s);
	return true;
}

/* A type, or a value of TERM_VOCAB. */
static bool vocab_of(struct expander *x, const struct at *at, const struct scope *s, const char *name, struct rdf_term *ret)
{
	const struct term *t = find(s, name);
	if (t && t->iri[0] == '@')
		return refuse(x, at, "unknown-term", "'%s' is no type", name);
	if (!t && !is_iri(name))
		return refuse(x, at, "unknown-term", "'%.100s' is not known to the contexts", name);
	*ret = rdf_iri(x->rdf, t ? t->iri : name);
	return true;
}

/* ---- Values ---- */

/* Section 8.2.2, object to RDF conversion. JSON-LD prints "%1.15E"; implementations differ where that is not exact. */
static bool number_of(struct expander *x, const struct at *at, double v, const char *datatype, struct rdf_term *ret)
{
	char text[64], exact[64];
	if (v == floor(v) && fabs(v) < 1e21) {
		snprintf(text, sizeof text, "%.0f", v == 0 ? 0.0 : v);
		*ret = rdf_literal(x->rdf, str_of(text), datatype ? datatype : XSD_INTEGER, NULL);
		return true;
	}
	snprintf(text, sizeof text, "%.15E", v);
	snprintf(exact, sizeof exact, "%.25E", v);
	char *e = strchr(text, 'E'), *digits = strchr(exact, '.');
	assert(e && digits);
	if (fabs(v) < 1e-6 || strncmp(digits + 16, "5000000000E", 11) == 0)
		return refuse(x, at, "wrong-type", "the number has no spelling that all agree on: write it as text");
	int exponent = (int)strtol(e + 1, NULL, 10);
	while (e[-1] == '0' && e[-2] != '.')
		e--;
	snprintf(e, (size_t)(text + sizeof text - e), "E%d", exponent);
	*ret = rdf_literal(x->rdf, str_of(text), datatype ? datatype : XSD_DOUBLE, NULL);
	return true;
}

static bool literal_of(struct expander *x, const struct at *at, const cJSON *v, const char *datatype, const char *language,
                       struct rdf_term *ret)
{
	if (cJSON_IsNumber(v))
		return number_of(x, at, v->valuedouble, datatype, ret);
	if (cJSON_IsBool(v))
		*ret = rdf_literal(x->rdf, str_of(cJSON_IsTrue(v) ? "true" : "false"), datatype ? datatype : XSD_BOOLEAN, NULL);
	else
		*ret = rdf_literal(x->rdf, str_of(v->valuestring), datatype, language);
	return true;
}

static bool json_of(struct expander *x, const struct at *at, const cJSON *v, struct rdf_term *ret)
{
	_cleanup_buf_ struct buf text = BUF(JSON_LITERAL_MAX);
	if (!jcs_canonical(v, &text, x->err))
		return err_prefix(x->err, "%s", at->key ? at->key : "JSON");
	*ret = rdf_literal(x->rdf, buf_str(&text), RDF_JSON, NULL);
	return true;
}

/* BCP 47, as JSON-LD checks it; ret in lower case. */
static bool language_of(struct expander *x, const struct at *at, const char *s, char *ret, size_t size)
{
	size_t run = 0, n = 0;
	bool ok = true, digits = false;
	for (; s[n] && n < size - 1; n++) {
		bool letter = (s[n] | 32) >= 'a' && (s[n] | 32) <= 'z', digit = s[n] >= '0' && s[n] <= '9';
		run = s[n] == '-' ? 0 : run + 1;
		ok = ok && run <= 8 && (letter || (digit && digits) || (s[n] == '-' && n && s[n - 1] != '-'));
		digits = digits || s[n] == '-';
		ret[n] = letter ? (char)(s[n] | 32) : s[n];
	}
	ret[n] = 0;
	if (!ok || !run || s[n])
		return refuse(x, at, "wrong-type", "'%.40s' is not a language tag", s);
	return true;
}

/* An object with `@value` (section 5.1.2, step 14). */
static bool value_object(struct expander *x, const struct at *at, const cJSON *v, struct rdf_term *ret)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(v, "@value"), *language = NULL, *type = NULL;
	char tag[64];
	for (const cJSON *c = v->child; c; c = c->next) {
		struct at here = {at, c->string, 0};
		if (c == value)
			continue;
		if (strcmp(c->string, "@language") == 0 && cJSON_IsString(c))
			language = c;
		else if (strcmp(c->string, "@type") == 0 && cJSON_IsString(c) && is_iri(c->valuestring))
			type = c;
		else
			return refuse(x, &here, "wrong-type", "beside @value stand only a @language, or a @type that is an address");
	}
	struct at here = {at, "@value", 0};
	if (!cJSON_IsString(value) && (language || (!cJSON_IsNumber(value) && !cJSON_IsBool(value))))
		return refuse(x, &here, "wrong-type", "must be %s", language ? "text, as it has a @language" : "text, a number, true or false");
	if (language && type)
		return refuse(x, at, "wrong-type", "has both @language and @type");
	if (language && !language_of(x, at, language->valuestring, tag, sizeof tag))
		return false;
	return literal_of(x, &here, value, type ? type->valuestring : NULL, language ? tag : NULL, ret);
}

/* ---- Objects ---- */

static bool node_of(struct expander *x, const struct at *at, const cJSON *object, const struct scope *outer, const struct terms *scoped,
                    const char *without, struct rdf_term graph, struct rdf_term *ret);

static bool value_of(struct expander *x, const struct at *at, const cJSON *v, const struct term *t, const struct scope *s,
                     struct rdf_term graph, struct rdf_term *ret)
{
	if (t->values == TERM_JSON)
		return json_of(x, at, v, ret);
	if (cJSON_IsObject(v) && cJSON_GetObjectItemCaseSensitive(v, "@value"))
		return value_object(x, at, v, ret);
	if (cJSON_IsObject(v))
		return node_of(x, at, v, s, t->scope, NULL, graph, ret);
	if (!cJSON_IsString(v) && !cJSON_IsNumber(v) && !cJSON_IsBool(v))
		return refuse(x, at, "wrong-type", cJSON_IsNull(v) ? "null says nothing: leave it out" : "a list in a list has no order in RDF");
	if (t->values != TERM_ID && t->values != TERM_VOCAB)
		return literal_of(x, at, v, t->datatype, NULL, ret);
	if (!cJSON_IsString(v))
		return refuse(x, at, "wrong-type", "must be an address");
	if (t->values == TERM_ID)
		return iri_of(x, at, v->valuestring, ret);
	struct scope inner = *s;
	return (!t->scope || push(x, at, &inner, t->scope)) && vocab_of(x, at, &inner, v->valuestring, ret);
}

/* A graph of its own, named by a blank node. */
static bool graph_of(struct expander *x, const struct at *at, const cJSON *v, const struct term *t, const struct scope *s,
                     struct rdf_term *ret)
{
	struct rdf_term node;
	if (!cJSON_IsObject(v) || cJSON_GetObjectItemCaseSensitive(v, "@value"))
		return refuse(x, at, "wrong-type", "must be an object");
	size_t before = x->rdf->n;
	*ret = rdf_blank(x->rdf);
	if (!node_of(x, at, v, s, t->scope, NULL, *ret, &node))
		return false;
	return x->rdf->n > before || refuse(x, at, "wrong-type", "says nothing");
}

static bool add_list(struct expander *x, const struct at *at, const cJSON *v, const struct term *t, const struct scope *s,
                     struct rdf_term subject, struct rdf_term graph)
{
	struct rdf_term predicate = rdf_iri(x->rdf, t->iri), value;
	const cJSON *item = cJSON_IsArray(v) ? v->child : v;
	struct at here = {at, NULL, 0};
	for (; item; item = cJSON_IsArray(v) ? item->next : NULL, here.index++) {
		struct rdf_term cell = rdf_blank(x->rdf);
		if (!value_of(x, cJSON_IsArray(v) ? &here : at, item, t, s, graph, &value))
			return false;
		rdf_add(x->rdf, subject, predicate, cell, graph);
		rdf_add(x->rdf, cell, rdf_iri(x->rdf, RDF_FIRST), value, graph);
		predicate = rdf_iri(x->rdf, RDF_REST);
		subject = cell;
	}
	rdf_add(x->rdf, subject, predicate, rdf_iri(x->rdf, RDF_NIL), graph);
	return true;
}

static bool add_value(struct expander *x, const struct at *at, const cJSON *v, const struct term *t, const struct scope *s,
                      struct rdf_term subject, struct rdf_term graph)
{
	struct rdf_term value;
	bool ok = t->container == TERM_GRAPH ? graph_of(x, at, v, t, s, &value) : value_of(x, at, v, t, s, graph, &value);
	if (ok)
		rdf_add(x->rdf, subject, rdf_iri(x->rdf, t->iri), value, graph);
	return ok;
}

static bool add_member(struct expander *x, const struct at *at, const cJSON *v, const struct scope *s, struct rdf_term subject,
                       struct rdf_term graph)
{
	const struct term *t = find(s, v->string);
	if (v->string[0] == '@')
		return refuse(x, at, strcmp(v->string, "@context") == 0 ? "wrong-context" : "unknown-term",
		              strcmp(v->string, "@context") == 0 ? "contexts stand at the begin of the document only" : "does not belong here");
	if (!t)
		return refuse(x, at, "unknown-term", "is not known to the contexts here, and would not be signed");
	if (t->container == TERM_LIST)
		return add_list(x, at, v, t, s, subject, graph);
	if (!cJSON_IsArray(v) || t->values == TERM_JSON)
		return add_value(x, at, v, t, s, subject, graph);
	struct at here = {at, NULL, 0};
	for (const cJSON *c = v->child; c; c = c->next, here.index++)
		if (!add_value(x, &here, c, t, s, subject, graph))
			return false;
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The types of an object, sorted. */
static bool read_types(struct expander *x, const struct at *at, const cJSON *v, const char *names[TYPES_MAX], size_t *ret_n)
{
	size_t n = 0;
	struct at here = {at, NULL, 0};
	for (const cJSON *c = cJSON_IsArray(v) ? v->child : v; c; c = cJSON_IsArray(v) ? c->next : NULL, here.index++) {
		if (!cJSON_IsString(c))
			return refuse(x, cJSON_IsArray(v) ? &here : at, "wrong-type", "a type is a name");
		if (n == TYPES_MAX)
			return refuse(x, at, "wrong-type", "more than %d types", TYPES_MAX);
		names[n++] = c->valuestring;
	}
	qsort(names, n, sizeof *names, compare_names);
	*ret_n = n;
	return true;
}

static bool add_types(struct expander *x, const struct at *at, const cJSON *v, struct scope *s, struct rdf_term subject,
                      struct rdf_term graph)
{
	const struct scope before = *s; /* types are looked up in it */
	const char *names[TYPES_MAX];
	struct at here = {at, v->string, 0};
	size_t n = 0;
	if (!read_types(x, &here, v, names, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct term *t = find(&before, names[i]);
		struct rdf_term type;
		if (!vocab_of(x, &here, &before, names[i], &type))
			return false;
		rdf_add(x->rdf, subject, rdf_iri(x->rdf, RDF_TYPE), type, graph);
		if (t && t->scope && !push_type(x, &here, s, names[i], t->scope))
			return false;
	}
	return true;
}

static bool node_of(struct expander *x, const struct at *at, const cJSON *object, const struct scope *outer, const struct terms *scoped,
                    const char *without, struct rdf_term graph, struct rdf_term *ret)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(object, "id"), *type = cJSON_GetObjectItemCaseSensitive(object, "type");
	struct scope s = *outer;
	struct at here = {at, "id", 0};
	struct rdf_term subject;
	s.n = s.n_kept;
	if (scoped && !push(x, at, &s, scoped))
		return false;
	s.n_kept = s.n;
	if (id && !cJSON_IsString(id))
		return refuse(x, &here, "wrong-type", "must be an address");
	if (!id)
		subject = rdf_blank(x->rdf);
	else if (!iri_of(x, &here, id->valuestring, &subject))
		return false;
	if (type && !add_types(x, at, type, &s, subject, graph))
		return false;
	for (const cJSON *c = object->child; c; c = c->next) {
		here.key = c->string;
		if (c == id || c == type || (!at && ((without && strcmp(c->string, without) == 0) || strcmp(c->string, "@context") == 0)))
			continue;
		if (!add_member(x, &here, c, &s, subject, graph))
			return false;
	}
	*ret = subject;
	return true;
}

bool expand(const cJSON *node, const struct contexts *contexts, const char *without, struct rdf *out, struct err *err)
{
	struct err ignored;
	struct expander x = {out, err ? err : &ignored};
	struct scope s = {.n = contexts->n, .n_kept = contexts->n};
	struct rdf_term subject;
	for (size_t i = 0; i < contexts->n; i++)
		s.layers[i] = contexts->list[i]->terms;
	if (!cJSON_IsObject(node))
		return refuse(&x, NULL, "wrong-type", "must be an object");
	size_t before = out->n;
	if (!node_of(&x, NULL, node, &s, NULL, without, rdf_default_graph(), &subject) || !rdf_check(out, err))
		return false;
	return out->n > before || refuse(&x, NULL, "wrong-type", "says nothing");
}

bool expand_check(const cJSON *document, struct err *err)
{
	_cleanup_rdf_ struct rdf r;
	struct contexts contexts;
	rdf_init(&r);
	return contexts_read(document, &contexts, err) && expand(document, &contexts, "proof", &r, err);
}
