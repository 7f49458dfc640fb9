/* Markdown of practice-question collections: the lines' meanings. Internal to exchange/. */
#pragma once
#include "bank/exchange/intake.h"

/* Options: "- [x] text" (the box), "A. text", "- b) text" (the letter). */
struct mark {
	bool is_box, key;
	int letter; /* from 0; -1: none */
	struct str text;
};
bool mark_option(struct str line, struct mark *ret);
/* "### text": its level and text. */
bool mark_heading(struct str line, int *ret_level, struct str *ret_text);
/* "12. text", also in bold; *ret_text without the number. */
bool mark_number(struct str line, struct str *ret_text);
/* "Answer: …", "**Correct answers** - …": what follows. */
bool mark_answer(struct str line, struct str *ret_rest);
/* "Q12.", "Question 3:", "4)" off the front of a question's text. */
struct str mark_without_number(struct str text);
/* A line that only leads elsewhere in the page, or is a rule. */
bool mark_is_stray(struct str line);
bool mark_is_definition(struct str line); /* [label]: address */
bool mark_is_reference(struct str line);  /* a link alone, or "Reference: …" */
bool mark_is_link(struct str text);       /* "[text](#place)": an entry of a table of contents */
/* Marks the options that an answer names; false when it is not clear which. *ret_rest is what follows. */
MUST_CHECK bool mark_take_keys(struct plain *q, struct str answer, struct str *ret_rest);
