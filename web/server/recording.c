/* What the relay does with recordings: noting, and handing over. See recording.h; the thread and the files are in recorder.c. */
#include "base/mem.h"
#include "recorder.h"
#include <string.h>

#define NOTES_MAX (64 * 1024) /* noted and not handed over */
#define NOTE_MERGE_MS 8
/* What a person can see: 4 KiB a second for hours, and 1 MiB at once. */
#define FLOW_PER_SECOND 4096
#define FLOW_BURST (1024 * 1024)
#define FLOW_RESUME (16 * 1024)

struct recording *recording_open(struct recorder *r, const char *path, unsigned rows, unsigned cols)
{
	struct recording *rec = xcalloc(1, sizeof *rec);
	*rec = (struct recording){.recorder = r, .path = xstrdup(path), .rows = rows, .cols = cols, .flow = FLOW_BURST, .fd = -1};
	buf_init(&rec->notes, NOTES_MAX + 1024);
	return rec;
}

static void note(struct recording *rec, enum note_kind kind, int64_t now_ms, const void *bytes, size_t len)
{
	struct note n = {.at_ms = now_ms, .len = (uint32_t)len, .kind = (uint32_t)kind};
	struct note *last = rec->notes.len ? (struct note *)(void *)(rec->notes.p + rec->last_note) : NULL;
	if (last && kind == NOTE_OUTPUT && last->kind == NOTE_OUTPUT && now_ms - last->at_ms < NOTE_MERGE_MS) {
		last->len += n.len;
	} else {
		while (rec->notes.len % _Alignof(struct note))
			buf_addc(&rec->notes, 0);
		rec->last_note = rec->notes.len;
		buf_add(&rec->notes, &n, sizeof n);
	}
	buf_add(&rec->notes, bytes, len);
}

/* The token bucket, by the time since it was asked last. */
static bool flows(struct recording *rec, int64_t now_ms, size_t len)
{
	int64_t since = now_ms - rec->flow_ms;
	rec->flow_ms = now_ms;
	rec->flow += since > 0 ? (since > 3600000 ? FLOW_BURST : since * FLOW_PER_SECOND / 1000) : 0;
	if (rec->flow > FLOW_BURST)
		rec->flow = FLOW_BURST;
	int64_t wanted = rec->omitted ? FLOW_RESUME : 0;
	if (rec->flow < wanted + (int64_t)len)
		return false;
	rec->flow -= (int64_t)len;
	return true;
}

void recording_output(struct recording *rec, int64_t now_ms, const void *bytes, size_t len)
{
	if (rec->notes.len + len + 2 * sizeof(struct note) > NOTES_MAX)
		recording_flush(rec);
	bool fits = rec->notes.len + len + 2 * sizeof(struct note) <= NOTES_MAX;
	if (!fits || !flows(rec, now_ms, len)) {
		rec->omitted += len;
		return;
	}
	if (rec->omitted)
		note(rec, NOTE_OMITTED, now_ms, &rec->omitted, sizeof rec->omitted);
	rec->omitted = 0;
	note(rec, NOTE_OUTPUT, now_ms, bytes, len);
}

void recording_resize(struct recording *rec, int64_t now_ms, unsigned rows, unsigned cols)
{
	uint32_t size[2] = {rows, cols};
	if (rec->notes.len + 64 > NOTES_MAX)
		recording_flush(rec);
	note(rec, NOTE_SIZE, now_ms, size, sizeof size);
}

void recording_flush(struct recording *rec)
{
	if (rec->notes.len)
		recorder_take(rec, &rec->notes, false);
}

void recording_close(struct recording *rec)
{
	if (!rec)
		return;
	if (rec->omitted && rec->notes.len + 64 <= NOTES_MAX)
		note(rec, NOTE_OMITTED, rec->flow_ms, &rec->omitted, sizeof rec->omitted);
	recorder_take(rec, &rec->notes, true);
}
