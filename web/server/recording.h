/* Recordings of terminals: asciicast version 2 (https://docs.asciinema.org/manual/asciicast/v2/), a header line and one line an event.
 *
 * The relay notes what the candidate sees, with its time; a thread of its own makes JSON of it and writes, so that a slow disk holds up no
 * keystroke. Bounded: what floods by is left out, and a marker says how much; a file has a ceiling, and a marker says that it was reached.
 * An existing file is gone on with, after a torn last line is cut off. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

#define RECORDING_SIZE_MAX (32u << 20)

struct recorder;
struct recording;

MUST_CHECK bool recorder_create(struct recorder **ret, struct err *err);
void recorder_destroy(struct recorder *r); /* writes what is queued; every recording must have been closed */
/* Returns when all that was handed over before is written. */
void recorder_wait(struct recorder *r);

struct recording *recording_open(struct recorder *r, const char *path, unsigned rows, unsigned cols);
void recording_output(struct recording *rec, int64_t now_ms, const void *bytes, size_t len);
void recording_resize(struct recording *rec, int64_t now_ms, unsigned rows, unsigned cols);
/* Hands what is noted to the thread, which writes it; call it a few times a second. */
void recording_flush(struct recording *rec);
/* The same, and the file is synced and closed. Accepts NULL. */
void recording_close(struct recording *rec);

/* The output in the last part of a recording, at most out->max bytes of it: what a terminal shows again after a restart. */
void recording_tail(const char *path, struct buf *out);
