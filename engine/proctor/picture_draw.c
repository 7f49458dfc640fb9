/* Running assay-picture: one process a picture, fed and read through a socket pair, with a deadline. See picture.h. */
#include "base/clock.h"
#include "graders/client/spawn.h"
#include "proctor/picture.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define REQUEST_MAX (8u << 20)
#define WALL_MS 20000

static const char *const format_names[] = {
    [PICTURE_PDF_A4] = "pdf-a4", [PICTURE_PDF_LETTER] = "pdf-letter", [PICTURE_PNG] = "png", [PICTURE_SVG] = "svg"};

/* ---- The request ---- */

static void add_text(struct buf *out, const char *key, const char *text)
{
	buf_addf(out, "\"%s\":", key);
	buf_add_json(out, str_of(text));
}

static void add_base64(struct buf *out, const char *key, struct str bytes)
{
	size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
	_cleanup_free_ char *text = xmalloc(size);
	sodium_bin2base64(text, size, (const unsigned char *)bytes.p, bytes.len, sodium_base64_VARIANT_ORIGINAL);
	buf_addf(out, "\"%s\":\"%s\"", key, text);
}

static void add_style(struct buf *out, const struct picture_style *s)
{
	buf_addf(out, "{\"background\":\"%s\",\"ink\":\"%s\",\"accent\":\"%s\",", s->background, s->ink, s->accent);
	add_base64(out, "logo", s->logo);
	buf_adds(out, ",\"signers\":[");
	for (size_t i = 0; i < s->n_signers; i++) {
		buf_adds(out, i ? ",{" : "{");
		add_text(out, "name", s->signers[i].name);
		buf_addc(out, ',');
		add_text(out, "title", s->signers[i].title ? s->signers[i].title : "");
		buf_addc(out, ',');
		add_base64(out, "signature", s->signers[i].signature);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}

static bool write_request(enum picture_format format, struct str credential, const char *link, const struct picture_style *style,
                          bool specimen, struct buf *out, struct err *err)
{
	buf_addf(out, "{\"format\":\"%s\",\"specimen\":%s,", format_names[format], specimen ? "true" : "false");
	add_text(out, "link", link);
	buf_adds(out, ",\"credential\":");
	buf_add_json(out, credential);
	buf_adds(out, ",\"style\":");
	add_style(out, style);
	buf_addc(out, '}');
	return buf_check(out, "what is to be drawn", err);
}

/* ---- The process ---- */

struct run {
	pid_t pid;
	int fd;
	struct str in; /* what was not sent yet */
	struct buf *out;
};

static void send_some(struct run *r)
{
	ssize_t n = send(r->fd, r->in.p, r->in.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		r->in = str_sub(r->in, (size_t)n, r->in.len);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		r->in.len = 0; /* it has died: what it wrote before tells more */
	if (r->in.len == 0)
		shutdown(r->fd, SHUT_WR);
}

/* False at the end of the output. */
static bool receive_some(struct run *r)
{
	char block[65536];
	ssize_t n = recv(r->fd, block, sizeof block, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_add(r->out, block, (size_t)n);
	return n > 0 && !r->out->overflow;
}

static bool talk(struct run *r)
{
	int64_t deadline_ms = clock_monotonic_ms() + WALL_MS;
	for (bool open = true; open;) {
		int64_t left = deadline_ms - clock_monotonic_ms();
		struct pollfd p = {r->fd, (short)(POLLIN | (r->in.len ? POLLOUT : 0)), 0};
		int rc = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (rc == 0 || (rc < 0 && errno != EINTR))
			return false;
		if (rc > 0 && (p.revents & POLLOUT) && r->in.len)
			send_some(r);
		if (rc > 0 && (p.revents & (POLLIN | POLLHUP | POLLERR)))
			open = receive_some(r);
	}
	return !r->out->overflow;
}

/* The answer is "+" and the picture, or "-" and what is wrong. */
static bool take_answer(struct buf *answer, int status, struct buf *out, struct err *err)
{
	struct str a = buf_str(answer);
	if (a.len > 1 && a.p[0] == '+' && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		buf_add(out, a.p + 1, a.len - 1);
		return buf_check(out, "the picture", err);
	}
	if (a.len > 1 && a.p[0] == '-')
		return err_set(err, ERR_INTERNAL, "the certificate cannot be drawn: %.*s", (int)(a.len > 400 ? 400 : a.len - 1), a.p + 1);
	return err_set(err, ERR_INTERNAL, "assay-picture ended with status %d and drew nothing", status);
}

bool picture_draw(const char *program, enum picture_format format, struct str credential, const char *link,
                  const struct picture_style *style, bool specimen, struct buf *out, struct err *err)
{
	_cleanup_buf_ struct buf request = BUF(REQUEST_MAX), answer = BUF(PICTURE_SIZE_MAX + 1);
	struct run r = {.out = &answer};
	int status = 0;
	if (!program)
		return err_set(err, ERR_UNSUPPORTED, "assay-picture, which draws certificates, is not installed beside this program");
	if (!write_request(format, credential, link, style, specimen, &request, err) ||
	    !spawn_confined(program, "assay-picture", &r.pid, &r.fd, err))
		return false;
	r.in = buf_str(&request);
	bool in_time = talk(&r);
	if (!in_time)
		kill(r.pid, SIGKILL);
	close(r.fd);
	while (waitpid(r.pid, &status, 0) < 0 && errno == EINTR)
		;
	return in_time ? take_answer(&answer, status, out, err) : err_set(err, ERR_INTERNAL, "drawing the certificate took too long");
}
