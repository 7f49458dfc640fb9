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

/* Keywords of the resource whose file is being read, from the manifest beside it or above it. */
static void find_marks(struct intake *in, struct strings *marks)
{
	struct err err;
	_cleanup_buf_ struct buf text = BUF(1);
	_cleanup_xml_ xmlDoc *doc = NULL;
	if (!package_has(in->package, "imsmanifest.xml") || !package_read(in->package, "imsmanifest.xml", &text, &err) ||
	    !xml_parse(buf_str(&text), &doc, &err))
		return;
	in->package->total -= text.len; /* read for each file of a package */
	const xmlNode *root = xmlDocGetRootElement(doc);
	for (const xmlNode *r = xml_find(root, NULL, "resource"); r; r = xml_find(root, r, "resource")) {
		_cleanup_free_ char *href = xml_attribute(r, "href");
		if (!href || strcmp(href, in->file) != 0)
			continue;
		for (const xmlNode *k = xml_find(r, NULL, "keyword"); k; k = xml_find(r, k, "keyword"))
			strings_add(marks, xml_text(k));
	}
}

static void read_sections(struct intake *in, const xmlNode *root, const char *title)
{
	_cleanup_free_ char *own = NULL;
	if (xml_is(root, "section"))
		own = xml_attribute(root, "title");
	const char *category = own && *own && strcmp(own, "root_section") != 0 ? own : title;
	for (const xmlNode *n = xml_first(root); n; n = xml_next(n)) {
		if (xml_is(n, "item"))
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
