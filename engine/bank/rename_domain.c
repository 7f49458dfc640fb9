/* Other ids for domains and objectives: in bank.yml, in the field `objective` of questions and tasks, and in the weights and sections of
 * exams. See rename.h. What stands where is asked of the YAML, so that a text that only looks like an id stays. */
#include "bank/rename_parts.h"
#include "bank/yaml.h"

#define PLACES_MAX 1000

/* The ids in a file that are to be replaced. */
struct places {
	const char *list[PLACES_MAX];
	size_t n;
};

static struct str domain_part(const char *id)
{
	const char *dot = strchr(id, '.');
	return (struct str){id, dot ? (size_t)(dot - id) : strlen(id)};
}
/* "links" of "files.links", or of "links". */
static const char *last_part(const char *id)
{
	const char *dot = strchr(id, '.');
	return dot ? dot + 1 : id;
}

const struct bank_objective *rename_find_objective(const struct bank *bank, const char *id)
{
	_cleanup_free_ char *name = str_dup(domain_part(id));
	const struct bank_domain *d = strchr(id, '.') ? bank_domain(bank, name) : NULL;
	for (size_t i = 0; d && i < d->n_objectives; i++)
		if (strcmp(d->objectives[i].id, last_part(id)) == 0)
			return &d->objectives[i];
	return NULL;
}

/* The new id of an objective may be written with its domain, which must be the same. */
bool rename_check_domain(struct renaming *r)
{
	bool objective = r->what == WHAT_OBJECTIVE;
	const char *id = objective ? last_part(r->to) : r->to;
	struct str domain = domain_part(r->from);
	if (!str_is_id(str_of(id)))
		return err_set(r->err, ERR_INVALID, "'%.100s' is not an id (a-z, 0-9 and '-', at most 64)", id);
	if (objective && id != r->to && !str_eq(domain_part(r->to), domain))
		return err_set(r->err, ERR_INVALID, "an objective stays in its domain: '%.*s.%s'", STR_ARG(domain), id);
	_cleanup_free_ char *whole = objective ? xasprintf("%.*s.%s", STR_ARG(domain), id) : NULL;
	if (objective ? rename_find_objective(r->bank, whole) != NULL : bank_domain(r->bank, id) != NULL)
		return err_set(r->err, ERR_CONFLICT, "'%.130s' is taken", objective ? whole : id);
	return true;
}

/* ---- Places ---- */

static void add_place(struct places *p, const struct yaml *y, int node, struct str id)
{
	const struct yaml_node *n = &y->nodes[node];
	if (n->type == YAML_TEXT && str_eq((struct str){n->text, n->len}, id) && p->n < PLACES_MAX)
		p->list[p->n++] = yaml_at(y, node);
}

/* Keys of a map. */
static void add_keys(struct places *p, const struct yaml *y, int map, struct str id)
{
	if (map < 0 || y->nodes[map].type != YAML_MAP)
		return;
	for (int key = yaml_first(y, map); key >= 0; key = yaml_next(y, yaml_next(y, key)))
		add_place(p, y, key, id);
}

/* A text, or the entries of a list. */
static void add_values(struct places *p, const struct yaml *y, int node, struct str id)
{
	if (node < 0)
		return;
	add_place(p, y, node, id);
	for (int child = y->nodes[node].type == YAML_LIST ? yaml_first(y, node) : -1; child >= 0; child = yaml_next(y, child))
		add_values(p, y, child, id);
}

static void find_in_bank(const struct renaming *r, const struct yaml *y, struct places *p)
{
	int domains = yaml_find(y, 0, "domains");
	if (r->what == WHAT_DOMAIN) {
		add_keys(p, y, domains, str_of(r->from));
		return;
	}
	_cleanup_free_ char *name = str_dup(domain_part(r->from));
	int domain = domains >= 0 && y->nodes[domains].type == YAML_MAP ? yaml_find(y, domains, name) : -1;
	if (domain >= 0 && y->nodes[domain].type == YAML_MAP)
		add_keys(p, y, yaml_find(y, domain, "objectives"), str_of(last_part(r->from)));
}

static void find_in_exam(const struct renaming *r, const struct yaml *y, struct places *p)
{
	struct str id = str_of(r->from);
	int sections = yaml_find(y, 0, "sections");
	add_keys(p, y, yaml_find(y, 0, "domains"), id);
	for (int s = sections >= 0 && y->nodes[sections].type == YAML_LIST ? yaml_first(y, sections) : -1; s >= 0; s = yaml_next(y, s))
		if (y->nodes[s].type == YAML_MAP)
			add_values(p, y, yaml_find(y, s, "domains"), id);
}

/* ---- Changes ---- */

static int compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return (*x > *y) - (*x < *y);
}

static bool replace(struct renaming *r, struct change *c, struct places *p, const char *from, const char *to)
{
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX);
	const char *at = c->after.p, *end = c->after.p + c->after.len;
	if (!p->n)
		return true;
	qsort(p->list, p->n, sizeof *p->list, compare);
	for (size_t i = 0; i < p->n; i++) {
		const char *place = p->list[i] + (*p->list[i] == '"' || *p->list[i] == '\'');
		if (!str_starts((struct str){place, (size_t)(end - place)}, from))
			return err_set(r->err, ERR_INVALID, "%s writes '%.64s' in another way: change it there first", c->path, from);
		buf_add(&text, at, (size_t)(place - at));
		buf_adds(&text, to);
		at = place + strlen(from);
	}
	buf_add(&text, at, (size_t)(end - at));
	return rename_put(c, &text, r->err);
}

static bool change_yaml(struct renaming *r, const char *path, void (*find)(const struct renaming *, const struct yaml *, struct places *),
                        bool must)
{
	struct change *c = rename_change(r, path);
	if (!c)
		return false;
	struct diags diags = {0};
	struct source source = {.path = path, .bytes = buf_str(&c->after)};
	struct yaml y;
	struct places places = {.n = 0};
	bool ok = yaml_parse(&source, source.bytes, &diags, &y) || err_set(r->err, ERR_INVALID, "%s has mistakes: check the bank first", path);
	if (ok) {
		find(r, &y, &places);
		ok = (places.n || !must || err_set(r->err, ERR_INVALID, "%s does not name '%.64s'", path, r->from)) &&
		     replace(r, c, &places, last_part(r->from), last_part(r->to));
	}
	yaml_finish(&y);
	source_finish(&source);
	diags_finish(&diags);
	return ok;
}

static bool change_exams(struct renaming *r)
{
	_cleanup_workspace_list_ struct workspace_list files = {0};
	bool ok = workspace_scan(r->w, &files, r->err);
	for (size_t i = 0; i < files.n && ok; i++)
		ok = files.files[i].kind != FILE_EXAM || change_yaml(r, files.files[i].path, find_in_exam, false);
	return ok;
}

bool rename_domain(struct renaming *r)
{
	bool domain = r->what == WHAT_DOMAIN;
	struct str name = domain_part(r->from);
	_cleanup_free_ char *to = domain ? xstrdup(r->to) : xasprintf("%.*s.%s", STR_ARG(name), last_part(r->to));
	return change_yaml(r, "bank.yml", find_in_bank, true) && rename_references(r, FILE_QUESTION, "objective", domain, r->from, to) &&
	       rename_references(r, FILE_TASK, "objective", domain, r->from, to) && (!domain || change_exams(r));
}
