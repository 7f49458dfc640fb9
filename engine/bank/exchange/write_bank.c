/* bank.yml of imported questions. See write.h. */
#include "bank/exchange/write.h"

#define DOMAINS_MAX 100
#define OBJECTIVES_MAX 200

void write_bank_finish(struct write_bank *b)
{
	char *texts[] = {b->id, b->title, b->description, b->version, b->license, b->language};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		free(texts[i]);
	strings_finish(&b->authors);
	for (size_t i = 0; i < b->n_domains; i++) {
		struct bank_domain *d = &b->domains[i];
		for (size_t k = 0; k < d->n_objectives; k++) {
			free(d->objectives[k].id);
			free(d->objectives[k].title);
		}
		free(d->objectives);
		free(d->id);
		free(d->title);
	}
	free(b->domains);
	*b = (struct write_bank){0};
}

static struct bank_domain *find_domain(struct write_bank *b, const char *id)
{
	for (size_t i = 0; i < b->n_domains; i++)
		if (strcmp(b->domains[i].id, id) == 0)
			return &b->domains[i];
	return NULL;
}

static bool has_objective(const struct bank_domain *d, const char *id)
{
	for (size_t i = 0; i < d->n_objectives; i++)
		if (strcmp(d->objectives[i].id, id) == 0)
			return true;
	return false;
}

static bool add(struct write_bank *b, const struct plain *q)
{
	struct bank_domain *d = find_domain(b, q->domain);
	if (!d) {
		if (b->n_domains >= DOMAINS_MAX)
			return false;
		b->domains = xgrow(b->domains, b->n_domains, &b->cap_domains, sizeof *b->domains);
		d = &b->domains[b->n_domains++];
		*d = (struct bank_domain){.id = xstrdup(q->domain), .title = xstrdup(q->domain_title ? q->domain_title : q->domain)};
	}
	if (!q->objective || has_objective(d, q->objective))
		return true;
	if (d->n_objectives >= OBJECTIVES_MAX)
		return false;
	d->objectives = xrealloc(d->objectives, d->n_objectives + 1, sizeof *d->objectives);
	d->objectives[d->n_objectives++] =
	    (struct bank_objective){xstrdup(q->objective), xstrdup(q->objective_title ? q->objective_title : q->objective)};
	return true;
}

bool write_bank_add(struct write_bank *b, struct plain *q)
{
	bool ok = true;
	if (q->domain && !add(b, q)) {
		plain_set(&q->objective, NULL);
		if (!find_domain(b, q->domain))
			plain_set(&q->domain, NULL);
		ok = false;
	}
	if (!q->domain) {
		q->domain = xstrdup("general");
		plain_set(&q->domain_title, xstrdup("General"));
		plain_set(&q->objective, NULL);
		if (!find_domain(b, "general") && b->n_domains >= DOMAINS_MAX)
			plain_set(&q->domain, xstrdup(b->domains[0].id));
		else
			ok &= add(b, q);
	}
	return ok;
}

static void add_field(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_addf(out, "%s: ", name);
	write_yaml(str_of(value), out);
	buf_addc(out, '\n');
}

void write_bank_file(const struct write_bank *b, struct buf *out)
{
	add_field(out, "id", b->id);
	add_field(out, "title", b->title);
	add_field(out, "description", b->description);
	add_field(out, "version", b->version);
	add_field(out, "license", b->license);
	add_field(out, "language", b->language);
	if (b->n_domains)
		buf_adds(out, "domains:\n");
	for (size_t i = 0; i < b->n_domains; i++) {
		const struct bank_domain *d = &b->domains[i];
		buf_adds(out, "  ");
		write_yaml(str_of(d->id), out); /* "null" is an id, too */
		buf_addc(out, ':');
		buf_adds(out, d->n_objectives ? "\n    title: " : " ");
		write_yaml(str_of(d->title), out);
		buf_adds(out, d->n_objectives ? "\n    objectives:\n" : "\n");
		for (size_t k = 0; k < d->n_objectives; k++) {
			buf_adds(out, "      ");
			write_yaml(str_of(d->objectives[k].id), out);
			buf_adds(out, ": ");
			write_yaml(str_of(d->objectives[k].title), out);
			buf_addc(out, '\n');
		}
	}
}
