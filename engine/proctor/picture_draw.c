/* Running assay-picture: one process a picture. See picture.h. */
#include "graders/client/spawn.h"
#include "proctor/picture.h"
#include <sodium.h>
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
	int status = 0;
	if (!program)
		return err_set(err, ERR_UNSUPPORTED, "assay-picture, which draws certificates, is not installed beside this program");
	return write_request(format, credential, link, style, specimen, &request, err) &&
	       spawn_talk(program, "assay-picture", buf_str(&request), WALL_MS, &answer, &status, err) &&
	       take_answer(&answer, status, out, err);
}
