/* Text of somebody else's on a terminal: what candidates and banks say, without what a terminal would obey. */
#pragma once
#include "base/buf.h"

/* How many bytes a control character has that stands there, or one that turns the direction of writing round; 0: it is none. */
size_t plain_control(const char *s);
/* HTML of our own making as plain text without control characters. Paragraphs, rows, entries and code have lines of their own, each after
 * `indent` and with its end; pictures are their description, blanks their number. */
void plain_html(const char *html, const char *indent, struct buf *out);
/* The same on one line without its end; the caller's. */
char *plain_line(const char *html);
/* Prints what plain_html() makes. */
void plain_print(const char *html, const char *indent);
/* A cell of a table: text cut between characters, or filled, to so many of them. */
void plain_cell(const char *text, size_t width, struct buf *out);
