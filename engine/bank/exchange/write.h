/* Plain questions as the bank's own Markdown: one stable way to write each. Internal to exchange/. */
#pragma once
#include "bank/exchange/plain.h"

/* Appends "## Title {#id}" and what follows of one question; q->id must be set. */
void write_question(const struct plain *q, struct buf *out);
/* A text as a YAML scalar on one line, in quotes where it needs them. */
void write_yaml(struct str text, struct buf *out);

/* What stands in bank.yml, in the order in which it was first seen. */
struct write_bank {
	char *id, *title, *description, *version, *license, *language;
	struct strings authors;
	struct bank_domain *domains;
	size_t n_domains, cap_domains;
};
void write_bank_finish(struct write_bank *b);
/* Takes note of a question's domain and objective; false when there are too many of them: then it has none afterwards. */
MUST_CHECK bool write_bank_add(struct write_bank *b, struct plain *q);
void write_bank_file(const struct write_bank *b, struct buf *out);
