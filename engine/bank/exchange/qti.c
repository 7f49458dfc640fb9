/* QTI packages and files: the manifest names the items. See qti2.c and qti12.c for the items. */
#include "bank/exchange/qti.h"

void choices_add(struct choices *c, char *id)
{
	c->ids = xgrow(c->ids, c->n, &c->cap, sizeof *c->ids);
	c->ids[c->n++] = id ? id : xstrdup("");
}
int choices_find(const struct choices *c, const char *id)
{
	for (size_t i = 0; i < c->n && id; i++)
		if (strcmp(c->ids[i], id) == 0)
			return (int)i;
	return -1;
}
void choices_finish(struct choices *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->ids[i]);
	free(c->ids);
	*c = (struct choices){0};
}

/* The manifest of a package, looked into for each of its items: its resources by their files. */
struct resource {
	char *href;
	const xmlNode *node;
};
struct qti_manifest {
	xmlDoc *doc;
	struct resource *list;
	size_t n, cap;
};

static int compare_resources(const void *a, const void *b)
{
	return strcmp(((const struct resource *)a)->href, ((const struct resource *)b)->href);
}

/* An empty one when there is none that can be read. */
static struct qti_manifest *read_manifest(struct intake *in)
{
	struct qti_manifest *m = xcalloc(1, sizeof *m);
	struct err err;
	_cleanup_buf_ struct buf text = BUF(1);
	if (!package_has(in->package, "imsmanifest.xml") || !package_read(in->package, "imsmanifest.xml", &text, &err) ||
	    !xml_parse(buf_str(&text), &m->doc, &err))
		return m;
	const xmlNode *root = xmlDocGetRootElement(m->doc);
	for (const xmlNode *r = xml_find(root, NULL, "resource"); r; r = xml_find(root, r, "resource")) {
		char *href = xml_attribute(r, "href");
		if (!href)
			continue;
		m->list = xgrow(m->list, m->n, &m->cap, sizeof *m->list);
		m->list[m->n++] = (struct resource){href, r};
	}
	if (m->n)
		qsort(m->list, m->n, sizeof *m->list, compare_resources);
	return m;
}

void qti_manifest_destroy(struct qti_manifest *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		free(m->list[i].href);
	free(m->list);
	if (m->doc)
		xmlFreeDoc(m->doc);
	free(m);
}

/* Keywords of the resource whose file is being read. */
static void find_marks(struct intake *in, struct strings *marks)
{
	if (!in->manifest)
		in->manifest = read_manifest(in);
	const struct qti_manifest *m = in->manifest;
	const struct resource key = {.href = (char *)in->file};
	const struct resource *r = m->n ? bsearch(&key, m->list, m->n, sizeof *m->list, compare_resources) : NULL;
	for (const xmlNode *k = r ? xml_find(r->node, NULL, "keyword") : NULL; k; k = xml_find(r->node, k, "keyword"))
		strings_add(marks, xml_text(k));
}

static void read_sections(struct intake *in, const xmlNode *root, const char *title)
{
	_cleanup_free_ char *own = NULL;
	if (xml_is(root, "section"))
		own = xml_attribute(root, "title");
	else if (xml_is(root, "assessment") && xml_find(root, NULL, "bbmd_questiontype"))
		own = xml_attribute(root, "title"); /* of a pool */
	const char *category = own && *own && strcmp(own, "root_section") != 0 ? own : title;
	for (const xmlNode *n = xml_first(root); n; n = xml_next(n)) {
		if (xml_is(n, "item") && blackboard_is_item(n))
			blackboard_read_item(in, n, category);
		else if (xml_is(n, "item"))
			qti12_read_item(in, n, category);
		else if (xml_is(n, "assessment") || xml_is(n, "section") || xml_is(n, "objectbank"))
			read_sections(in, n, category);
	}
}

bool qti_read(struct intake *in, struct str text, struct err *err)
{
	_cleanup_xml_ xmlDoc *doc = NULL;
	if (!xml_parse(text, &doc, err))
		return false;
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (xml_is(root, "questestinterop")) {
		read_sections(in, root, NULL);
	} else if (xml_is(root, "assessmentItem")) {
		struct strings marks = {0};
		find_marks(in, &marks);
		qti2_read_item(in, root, &marks);
		strings_finish(&marks);
	} else if (in->package->lone) {
		return err_set(err, ERR_INVALID, "this is no QTI: its root is <%.60s>", (const char *)root->name);
	}
	return true; /* manifests, tests, pages: no questions */
}
