/* The LaTeX of exercises as HTML: markup of text, lists, verbatim text, pictures. Nothing is defined or executed. Internal to exchange/. */
#pragma once
#include "bank/exchange/plain.h"

/* Appends HTML. What has no meaning here is a loss of the question, or rejects it. */
void latex_to_html(struct plain *q, struct str tex, struct buf *html);
/* What stands between "\begin{NAME}" and its "\end{NAME}"; *ret_rest is what follows. p NULL: it is not there. */
struct str latex_environment(struct str tex, const char *name, struct str *ret_rest);
/* The argument "{…}" that `s` begins with, braces in it balanced; p NULL: there is none. */
struct str latex_argument(struct str s);
