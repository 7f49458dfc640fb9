/* What recording.c and recorder.c share. */
#pragma once
#include "recording.h"

enum note_kind { NOTE_OUTPUT, NOTE_SIZE, NOTE_OMITTED };

/* What is handed over: notes one after the other, each followed by its bytes and padded to its alignment. */
struct note {
	int64_t at_ms; /* UTC since 1970 */
	uint32_t len, kind;
};

struct recording {
	struct recorder *recorder;
	char *path;
	unsigned rows, cols; /* at its beginning */
	/* The relay's: */
	struct buf notes;
	size_t last_note; /* where it begins in notes */
	int64_t flow, flow_ms;
	uint64_t omitted;
	/* The thread's: */
	int fd;
	bool opened, full;
	int64_t base_ms; /* of the header */
	int64_t last_ms; /* of the last event, since then */
	uint64_t size;
	char held[4]; /* the beginning of a character whose rest has not come */
	size_t n_held;
};

/* Takes the notes (and at last the recording itself) to the thread. Above a bound for all recordings the notes are dropped. */
void recorder_take(struct recording *rec, struct buf *notes, bool last);

/* The file (recorder_file.c). */
MUST_CHECK bool recorder_file_open(struct recording *rec, int64_t now_ms, struct err *err);
MUST_CHECK bool recorder_file_write(struct recording *rec, const struct buf *notes, struct err *err);
