/* QTI: what its readers share. Internal to exchange/. */
#pragma once
#include "bank/exchange/intake.h"
#include "bank/exchange/xml.h"

/* "1 item" of QTI 2.x and 3.0, and of QTI 1.2. `marks`: keywords of the item, from the package's manifest; may be NULL. */
void qti2_read_item(struct intake *in, const xmlNode *item, const struct strings *marks);
void qti12_read_item(struct intake *in, const xmlNode *item, const char *category);
/* The text of <material>: HTML. */
void qti12_material(const xmlNode *material, struct buf *html);
/* The same as an item of Blackboard's (blackboard_pool.c). */
bool blackboard_is_item(const xmlNode *item);
void blackboard_read_item(struct intake *in, const xmlNode *item, const char *category);
/* Choices of an interaction by their identifiers. */
struct choices {
	char **ids;
	size_t n, cap;
};
void choices_add(struct choices *c, char *id); /* takes id; NULL is an empty one */
int choices_find(const struct choices *c, const char *id);
void choices_finish(struct choices *c);
