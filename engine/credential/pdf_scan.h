/* Embedded files of a PDF that another program has written. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Looks for streams that are embedded files, plain or deflated, and takes the credential and the seal among them; none: both stay empty.
 * ERR_INVALID for two different credentials, or more files than anybody needs. This is no reader of PDFs: what it finds may not be what a
 * reader shows, so such a file never counts as unchanged. */
MUST_CHECK bool pdf_scan(struct str file, struct buf *credential, struct buf *seal, struct err *err);
