/* Markdown to HTML: CommonMark with tables, strikethrough and task lists, by md4c, into an allow-list of tags.
 *
 * The output has no attribute and no tag that is not written here: links are http, https, mailto, or a page of the bank's docs
 * (<a data-doc="ID" href="#…">); pictures are the bank's own media; raw HTML is text. */
#pragma once
#include "bank/bank.h"
#include "bank/diag.h"
#include "bank/passage.h"

/* Bytes that one passage may become: so much for each of its own, and some. A link's address that is defined once and used often is what
 * grows. */
#define MARKDOWN_GROWTH 12
#define MARKDOWN_HTML_MORE (64u << 10)
#define MARKDOWN_DEPTH_MAX 32
/* In a passage: where the n-th blank of a cloze stands. Files that hold these characters themselves are refused. */
#define BLANK_OPEN "\xee\x80\x80"  /* U+E000 */
#define BLANK_CLOSE "\xee\x80\x81" /* U+E001 */
/* Makes what follows the text of a paragraph, whatever it looks like; never shown. */
#define TEXT_GUARD "\xee\x80\x82" /* U+E002 */

struct markdown {
	const struct bank *bank; /* its media and docs resolve pictures and links */
	struct diags *diags;
	const char *file;          /* path of the file in the bank: what relative addresses start from */
	bool is_doc;               /* headings get ids, and keep their level */
	bool bare_links;           /* https://… is a link without brackets too: references and docs */
	size_t n_blanks;           /* cloze: how many there are */
	unsigned char *blank_seen; /* cloze: n_blanks + 1 flags, set for each blank that was shown */
	struct buf scratch, alt;   /* reused between passages */
};
void markdown_finish(struct markdown *md);

/* Renders a passage. A single paragraph loses its <p> when `unwrap` is set. NULL after a report. `ret_text` (may be NULL) is the plain
 * text. */
MUST_CHECK bool markdown_render(struct markdown *md, const struct passage *p, bool unwrap, char **ret_html, char **ret_text);
/* The same for the text of a list item, a table's cell or a heading: its first line is text, even if it looks like something else. */
MUST_CHECK bool markdown_inline(struct markdown *md, const struct passage *p, char **ret_html, char **ret_text);
/* The plain text of our own HTML (address.c). */
void html_text(const char *html, struct buf *out);

/* The file that a relative address names, as seen from a file of the bank: "media/a.png". NULL when it leaves the bank. */
char *bank_path_resolve(const char *from_file, struct str address);
/* Whether an address begins with a scheme ("x:"); with http, https or mailto; and how it is written as an attribute's value. */
bool url_has_scheme(struct str url);
bool url_is_web(struct str url);
void url_add(struct buf *out, struct str url);
const struct bank_media *bank_media(const struct bank *bank, const char *path);
const struct bank_doc *bank_doc(const struct bank *bank, const char *id);
/* <img …> for a picture of the bank. */
void markdown_image(const struct bank_media *m, struct str alt, struct buf *out);
