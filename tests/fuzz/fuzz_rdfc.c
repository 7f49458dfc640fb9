/* RDF: a JSON object becomes a dataset under the contexts of a certificate, anything else is read as N-Quads. What has a canonical form is
 * read again from it, and has the same one; and so has the dataset with its statements in another order.
 *
 * That holds where no graph is named by a blank node. Where one is, the algorithm of RDFC-1.0 itself can end at two forms of the same
 * dataset, by the order of its statements; other people's software gives the same two (seeds/rdfc/order_of_blank_graphs). */
#include "credential/expand.h"
#include "credential/rdfc.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static bool from_json(struct str text, struct rdf *r)
{
	_cleanup_json_ cJSON *document = NULL, *context = json_object();
	struct contexts contexts;
	struct err err = {0};
	char word[32];
	if (!json_parse(text, &document, &err))
		return false;
	json_set(context, "@context", contexts_of_certificate());
	require(contexts_read(context, &contexts, &err));
	if (expand(document, &contexts, "proof", r, &err))
		return true;
	require(err.msg[0] && (err.code == ERR_TOO_LARGE || (err.code == ERR_INVALID && expand_word(&err, word))));
	return false;
}

/* A ceiling may be met with other labels, and not with these. */
static bool canonical(const struct rdf *r, struct buf *out)
{
	struct err err = {0};
	if (rdfc_canonical(r, out, &err))
		return true;
	require((err.code == ERR_TOO_LARGE || err.code == ERR_INVALID) && err.msg[0]);
	return false;
}

static void turn(struct rdf *r)
{
	for (size_t i = 0; i + 1 < r->n - i; i++) {
		struct rdf_quad q = r->quads[i];
		r->quads[i] = r->quads[r->n - 1 - i];
		r->quads[r->n - 1 - i] = q;
	}
}

static bool blank_graphs(const struct rdf *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->quads[i].graph.is_blank)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	_cleanup_rdf_ struct rdf r, again;
	_cleanup_buf_ struct buf first = BUF(64 << 20), second = BUF(64 << 20), turned = BUF(64 << 20);
	struct err err = {0};
	rdf_init(&r);
	rdf_init(&again);
	bool ok = size && data[0] == '{' ? from_json(text, &r) : rdf_parse(text, &r, &err);
	if (!ok || !canonical(&r, &first))
		return 0;
	require(rdf_parse(buf_str(&first), &again, &err));
	if (blank_graphs(&r))
		return 0;
	if (canonical(&again, &second))
		require(str_eq(buf_str(&first), buf_str(&second)));
	turn(&r);
	if (canonical(&r, &turned))
		require(str_eq(buf_str(&first), buf_str(&turned)));
	return 0;
}
