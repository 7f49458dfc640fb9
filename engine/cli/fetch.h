/* Getting a document from the web, for `assay verify`: DID documents, status lists, certificates behind a link.
 *
 * Only the command fetches; the server never does, whatever it is given to verify. https only, certificates checked, no redirects to
 * another host, no proxies from the environment, nothing but a 200, with ceilings on size and time. Hosts of this machine (localhost,
 * 127.0.0.1,
 * ::1) may answer without TLS, and the report says so. */
#pragma once
#include "credential/verify.h"

void fetch_stop(void); /* after the last one */
/* A verify_fetch_fn; arg: unused. */
MUST_CHECK bool fetch_url(void *arg, const char *url, size_t size_max, struct buf *out, char ret_from[VERIFY_URL_SIZE], struct err *err);
