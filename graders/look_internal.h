/* What the files of assay-look share. */
#pragma once
#include "base/buf.h"
#include "graders/look.h"
#include "graders/message.h"
#include <sys/stat.h>
#include <sys/types.h>

/* Makes the answer LOOK_NONE, "what: why", or "why" when `what` is empty. Returns false. */
bool look_none(struct buf *out, const char *what, const char *why);
int look_open(const char *path, int flags); /* beneath the root; -1 and errno */
int look_open_kind(const char *path, mode_t want, struct buf *out);
enum look_type look_type(mode_t mode);
void look_entry(struct buf *out, const struct stat *st);

/* Requests. Each appends what it answers to *out, which has its head; or says why not by look_none and gives false. */
bool look_list(const char *path, struct message *m, struct buf *out);
bool look_walk(const char *path, struct message *m, struct buf *out);
bool look_talk(const char *address, struct message *m, struct buf *out);
