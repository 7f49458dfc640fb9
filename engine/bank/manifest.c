/* bank.yml: what the bank is called, and its domains with their objectives. */
#include "bank/load.h"
#include "base/mem.h"

#define DOMAINS_MAX 100
#define OBJECTIVES_MAX 200
#define IMAGES_MAX 20
#define IMAGE_NAME_MAX 40
#define PACKAGES_MAX 64
#define APPROVALS_MAX 20

static bool read_text(struct loader *l, const struct yaml *y, const char *name, size_t len_max, char **place)
{
	struct str text;
	int node = yaml_find(y, 0, name);
	if (node < 0)
		return true;
	if (!yaml_text(y, node, name, len_max, &text, l->diags))
		return false;
	free(*place);
	*place = str_dup(text);
	return true;
}

static struct bank_domain *add_domain(struct bank *bank, struct str id)
{
	bank->domains = xrealloc(bank->domains, bank->n_domains + 1, sizeof *bank->domains);
	struct bank_domain *d = &bank->domains[bank->n_domains++];
	*d = (struct bank_domain){.id = str_dup(id)};
	return d;
}

static void read_objectives(struct loader *l, const struct yaml *y, int map, struct bank_domain *d)
{
	if (!yaml_is(y, map, YAML_MAP, "objectives", l->diags))
		return;
	for (int key = y->nodes[map].first; key >= 0; key = y->nodes[y->nodes[key].next].next) {
		struct str id, title;
		if (!yaml_id(y, key, "objective", &id, l->diags) || !yaml_text(y, y->nodes[key].next, "objective", 500, &title, l->diags))
			continue;
		if (d->n_objectives >= OBJECTIVES_MAX) {
			diags_add(l->diags, DIAG_ERROR, "too-large", y->source, yaml_at(y, key), "more than %d objectives", OBJECTIVES_MAX);
			return;
		}
		d->objectives = xrealloc(d->objectives, d->n_objectives + 1, sizeof *d->objectives);
		d->objectives[d->n_objectives++] = (struct bank_objective){str_dup(id), str_dup(title)};
	}
}

/* `files: Files and permissions` or `files: {title: …, objectives: …}`. */
static void read_domain(struct loader *l, const struct yaml *y, int key, int value)
{
	static const char *const fields[] = {"title", "objectives"};
	struct str id, title;
	if (!yaml_id(y, key, "domain", &id, l->diags))
		return;
	if (l->bank->n_domains >= DOMAINS_MAX) {
		diags_add(l->diags, DIAG_ERROR, "too-large", y->source, yaml_at(y, key), "more than %d domains", DOMAINS_MAX);
		return;
	}
	if (y->nodes[value].type == YAML_TEXT) {
		if (yaml_text(y, value, "domain", 500, &title, l->diags))
			add_domain(l->bank, id)->title = str_dup(title);
		return;
	}
	if (!yaml_is(y, value, YAML_MAP, "domain", l->diags))
		return;
	yaml_only(y, value, fields, ARRAY_SIZE(fields), l->diags);
	struct bank_domain *d = add_domain(l->bank, id);
	int node = yaml_find(y, value, "title");
	d->title = node >= 0 && yaml_text(y, node, "title", 500, &title, l->diags) ? str_dup(title) : str_dup(id);
	node = yaml_find(y, value, "objectives");
	if (node >= 0)
		read_objectives(l, y, node, d);
}

static bool read_packages(struct loader *l, const struct yaml *y, int map, struct bank_image *image)
{
	int node = yaml_find(y, map, "packages");
	if (node < 0)
		return true;
	if (!yaml_texts(y, node, "packages", PACKAGES_MAX, &image->packages, &image->n_packages, l->diags))
		return false;
	for (size_t i = 0; i < image->n_packages; i++) {
		struct str name = str_of(image->packages[i]);
		bool ok = name.len >= 2 && name.len <= 100 && name.p[0] != '-' && name.p[0] != '.' && name.p[0] != '+';
		for (size_t k = 0; k < name.len && ok; k++)
			ok = strchr("abcdefghijklmnopqrstuvwxyz0123456789+-.", name.p[k]) != NULL;
		if (ok)
			continue;
		diags_add(l->diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, node), "packages: '%.100s' is not the name of a package",
		          name.p);
		return false;
	}
	return true;
}

/* `web: {suite: bookworm, packages: [nginx-light]}` */
static void read_image(struct loader *l, const struct yaml *y, int key, int value)
{
	static const char *const fields[] = {"suite", "packages"};
	struct bank *bank = l->bank;
	struct str name, suite = STR("bookworm");
	if (!yaml_id(y, key, "image", &name, l->diags) || !yaml_is(y, value, YAML_MAP, "image", l->diags))
		return;
	yaml_only(y, value, fields, ARRAY_SIZE(fields), l->diags);
	int node = yaml_find(y, value, "suite");
	if (node >= 0 && !yaml_id(y, node, "suite", &suite, l->diags))
		return;
	if (str_is(name, "host") || name.len > IMAGE_NAME_MAX || bank->n_images >= IMAGES_MAX) {
		diags_add(l->diags, DIAG_ERROR, "field-value", y->source, yaml_at(y, key), "%s",
		          str_is(name, "host")        ? "the image 'host' is this machine itself"
		          : name.len > IMAGE_NAME_MAX ? "an image's name has at most 40 bytes"
		                                      : "there are too many images");
		return;
	}
	bank->images = xrealloc(bank->images, bank->n_images + 1, sizeof *bank->images);
	struct bank_image *image = &bank->images[bank->n_images++];
	*image = (struct bank_image){.name = str_dup(name), .suite = str_dup(suite)};
	if (!read_packages(l, y, value, image)) {
		image_finish(image);
		bank->n_images--;
	}
}

static void read_images(struct loader *l, const struct yaml *y)
{
	int node = yaml_find(y, 0, "images");
	if (node < 0 || !yaml_is(y, node, YAML_MAP, "images", l->diags))
		return;
	for (int key = y->nodes[node].first; key >= 0; key = y->nodes[y->nodes[key].next].next)
		read_image(l, y, key, y->nodes[key].next);
}

/* `review: {required: true, approvals: 1}` */
static void read_review(struct loader *l, const struct yaml *y)
{
	static const char *const fields[] = {"required", "approvals"};
	struct bank_review review = {.present = true, .required = true, .approvals = 1};
	int64_t approvals = 1;
	int node = yaml_find(y, 0, "review");
	if (node < 0 || !yaml_is(y, node, YAML_MAP, "review", l->diags))
		return;
	yaml_only(y, node, fields, ARRAY_SIZE(fields), l->diags);
	int required = yaml_find(y, node, "required"), number = yaml_find(y, node, "approvals");
	bool ok = required < 0 || yaml_bool(y, required, "required", &review.required, l->diags);
	ok &= number < 0 || yaml_int(y, number, "approvals", 1, APPROVALS_MAX, &approvals, l->diags);
	review.approvals = (int)approvals;
	if (ok)
		l->bank->review = review;
}

static void read_bank(struct loader *l, const struct yaml *y)
{
	static const char *const fields[] = {"id",       "title",   "description", "version", "license",
	                                     "language", "authors", "domains",     "images",  "review"};
	struct bank *bank = l->bank;
	struct str id;
	yaml_only(y, 0, fields, ARRAY_SIZE(fields), l->diags);
	int node = yaml_find(y, 0, "id");
	if (node >= 0 && yaml_id(y, node, "id", &id, l->diags)) {
		free(bank->id);
		bank->id = str_dup(id);
	}
	bool ok = read_text(l, y, "title", 500, &bank->title);
	ok &= read_text(l, y, "description", 4000, &bank->description);
	ok &= read_text(l, y, "version", 100, &bank->version);
	ok &= read_text(l, y, "license", 200, &bank->license);
	ok &= read_text(l, y, "language", 35, &bank->language);
	node = yaml_find(y, 0, "authors");
	ok &= node < 0 || yaml_texts(y, node, "authors", 200, &bank->authors, &bank->n_authors, l->diags);
	node = yaml_find(y, 0, "domains");
	read_images(l, y);
	read_review(l, y);
	if (!ok || node < 0 || !yaml_is(y, node, YAML_MAP, "domains", l->diags))
		return;
	for (int key = y->nodes[node].first; key >= 0; key = y->nodes[y->nodes[key].next].next)
		read_domain(l, y, key, y->nodes[key].next);
}

void load_bank_file(struct loader *l, const char *dir)
{
	struct bank *bank = l->bank;
	const char *slash = strrchr(dir, '/');
	bank->id = str_slug(str_of(slash && slash[1] ? slash + 1 : dir), 64);
	bool present = false;
	for (size_t i = 0; i < l->files.n; i++)
		present |= strcmp(l->files.paths[i], "bank.yml") == 0;
	_cleanup_text_file_ struct text_file f = {0};
	if (present && load_text(l, "bank.yml", YAML_SIZE_MAX, &f)) {
		struct yaml y;
		if (yaml_parse(&f.source, f.source.bytes, l->diags, &y))
			read_bank(l, &y);
		yaml_finish(&y);
	}
	if (!bank->title)
		bank->title = xstrdup(bank->id);
	if (!bank->language)
		bank->language = xstrdup("en");
	if (!bank->n_domains)
		add_domain(bank, STR("general"))->title = xstrdup("General");
}
