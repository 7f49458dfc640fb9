/* Recordings of terminals: who may see which, and when. They are written by the relay (web/server/recording.h), and hashed when their
 * attempt is over. */
#include "proctor/task.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define HEADER_MAX 512
#define TAIL_MAX (512 * 1024) /* holds the last line */

/* Examiners see them always; the candidate when the attempt has ended. */
static bool find(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                 struct task_ref *ret, struct err *err)
{
	struct caller as = *who;
	struct attempt_row row;
	if (who->role >= ROLE_EXAMINER) {
		if (!store_attempt_get(rd, attempt, &row, err))
			return false;
		as.account = row.account;
	}
	if (!task_find(pr, rd, &as, attempt, item, TASK_SEE, ret, err))
		return false;
	bool ended = ret->v.row.phase != PHASE_RUNNING || ret->v.row.progress.state == ATTEMPT_ENDED;
	return ended || who->role >= ROLE_EXAMINER ? true : err_set(err, ERR_NOT_RELEASED, "recordings can be seen when the attempt has ended");
}

/* The last part of a file up to its last whole line; false when there is none. *ret_size is where that line ends. */
static bool read_tail(int fd, struct buf *out, int64_t *ret_size)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	size_t wanted = st.st_size < TAIL_MAX ? (size_t)st.st_size : TAIL_MAX;
	_cleanup_free_ char *bytes = xmalloc(wanted + 1);
	ssize_t n = pread(fd, bytes, wanted, st.st_size - (off_t)wanted);
	while (n > 0 && bytes[n - 1] != '\n')
		n--;
	if (n <= 0)
		return false;
	buf_add(out, bytes, (size_t)n);
	*ret_size = st.st_size - (off_t)wanted + n;
	return true;
}

/* The time of the last event, in milliseconds. */
static int64_t duration_of(const struct buf *tail)
{
	size_t from = tail->len - 1;
	while (from && tail->p[from - 1] != '\n')
		from--;
	struct str rest = str_sub(buf_str(tail), from + 1, tail->len), number;
	double seconds = 0;
	bool event = tail->p[from] == '[' && str_next_field(&rest, ',', &number) && str_to_double(number, &seconds);
	return event && seconds >= 0 && seconds < 1e9 ? (int64_t)(seconds * 1000) : 0;
}

static bool started_at(int fd, int64_t *ret_ms)
{
	char header[HEADER_MAX];
	ssize_t n = pread(fd, header, sizeof header, 0);
	struct str rest = {header, n > 0 ? (size_t)n : 0}, line;
	_cleanup_json_ cJSON *tree = NULL;
	struct err ignored;
	int64_t seconds;
	if (!str_next_line(&rest, &line) || !json_parse(line, &tree, &ignored) ||
	    !json_get_i64(tree, "header", "timestamp", 0, INT64_C(1) << 33, &seconds, &ignored))
		return false;
	*ret_ms = seconds * 1000;
	return true;
}

struct hashes {
	int item;
	char sha256[TASK_SHELLS_MAX + 1][HASH_HEX_SIZE]; /* by shell; empty: not hashed yet */
};

static bool take_hash(void *arg, const struct recording_row *row, struct err *err)
{
	(void)err;
	struct hashes *h = arg;
	const char *dash = strrchr(row->name, '-');
	int64_t shell;
	struct str number = str_of(dash ? dash + 1 : "");
	if (str_ends(number, ".cast"))
		number.len -= 5;
	if (row->item == h->item && str_to_i64(number, 1, TASK_SHELLS_MAX, &shell))
		snprintf(h->sha256[shell], HASH_HEX_SIZE, "%s", row->sha256);
	return true;
}

static void add_recording(int fd, int shell, const char *sha256, struct buf *out)
{
	_cleanup_buf_ struct buf tail = BUF(TAIL_MAX);
	int64_t size, start_ms;
	if (!read_tail(fd, &tail, &size) || !started_at(fd, &start_ms))
		return;
	buf_addf(out, "%s{\"shell\":%d,\"started_at\":", out->p[out->len - 1] == '[' ? "" : ",", shell);
	add_time(out, start_ms);
	buf_addf(out, ",\"duration_ms\":%lld,\"bytes\":%lld,\"sha256\":", (long long)duration_of(&tail), (long long)size);
	buf_addf(out, *sha256 ? "\"%s\"}" : "null}", sha256);
}

bool task_recordings_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                          struct buf *out, struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	if (!find(pr, rd, who, attempt, item, &t, err))
		return false;
	struct hashes h = {.item = t.index};
	if (!store_recording_each(rd, t.v.row.key, take_hash, &h, err))
		return false;
	buf_adds(out, "{\"recordings\":[");
	for (int shell = 1; shell <= TASK_SHELLS_MAX; shell++) {
		_cleanup_free_ char *path = recording_path_of(pr, t.v.row.id, t.index, shell);
		_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		add_recording(fd, shell, h.sha256[shell], out);
	}
	buf_adds(out, "]}");
	return true;
}

bool task_recording_open(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, int shell,
                         int *ret_fd, int64_t *ret_size, struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	_cleanup_buf_ struct buf tail = BUF(TAIL_MAX);
	if (!find(pr, rd, who, attempt, item, &t, err))
		return false;
	_cleanup_free_ char *path = recording_path_of(pr, t.v.row.id, t.index, shell);
	_cleanup_close_ int fd = shell >= 1 && shell <= TASK_SHELLS_MAX ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	if (!read_tail(fd, &tail, ret_size))
		return err_set(err, ERR_NOT_FOUND, "there is no such recording");
	*ret_fd = take_fd(fd);
	return true;
}
