/* Colours, logo and signers. See issuer_style.h; docs/operators/branding.md describes them.
 *
 * Colours are checked for contrast, because a certificate is to be read. Pictures must be PNG, or SVG that refers to nothing outside itself
 * and holds no script (bank/svg.c). */
#include "proctor/issuer_style.h"
#include "bank/media.h"
#include "base/file.h"
#include "base/mem.h"
#include "credential/picture_color.h"
#include <fcntl.h>
#include <stdio.h>

#define SIGNER_TEXT_MAX 120
#define PATH_TEXT_MAX 500

void issuer_style_default(struct picture_style *style)
{
	*style = (struct picture_style){.background = "#fdfbf5", .ink = "#1b2433", .accent = "#8a651a", .logo = {"", 0}};
	for (size_t i = 0; i < PICTURE_SIGNERS_MAX; i++)
		style->signers[i].signature = (struct str){"", 0};
}

static void free_art(struct str art)
{
	if (art.len)
		free((char *)art.p);
}

void issuer_style_finish(struct picture_style *style)
{
	free_art(style->logo);
	for (size_t i = 0; i < style->n_signers; i++) {
		free(style->signers[i].name);
		free(style->signers[i].title);
		free_art(style->signers[i].signature);
	}
	issuer_style_default(style);
}

struct reading {
	const struct yaml *y;
	int dir_fd;
	struct picture_style *style;
	struct diags *diags;
};

__attribute__((format(printf, 3, 4))) static void wrong(const struct reading *r, int node, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diags_vadd(r->diags, DIAG_ERROR, "field-value", r->y->source, yaml_at(r->y, node), fmt, ap);
	va_end(ap);
}

/* ---- Colours ---- */

static void read_color(const struct reading *r, int map, const char *key, char ret[8])
{
	struct str text;
	struct color color;
	char hex[8] = "";
	int node = yaml_find(r->y, map, key);
	if (node < 0)
		return;
	size_t before = r->diags->n_errors;
	if (!yaml_text(r->y, node, key, 40, &text, r->diags)) {
		if (r->diags->n_errors > before)
			diags_help(r->diags, "colours are written in quotes, as in \"#1b2433\": without them, # begins a comment");
		return;
	}
	if (text.len == 7)
		memcpy(hex, text.p, 7);
	if (color_read(hex, &color))
		memcpy(ret, hex, 8);
	else
		wrong(r, node, "%s is not a colour: write \"#\" and six hexadecimal digits, as in \"#1b2433\"", key);
}

/* Text in the colour has to be readable on the background. */
static void check_contrast(const struct reading *r, int map, const char *key, const char *hex)
{
	struct color a, b;
	int node = yaml_find(r->y, map, key) >= 0 ? yaml_find(r->y, map, key) : map;
	if (!color_read(hex, &a) || !color_read(r->style->background, &b) || color_contrast(a, b) >= COLOR_CONTRAST_AA)
		return;
	wrong(r, node, "%s %s has a contrast of %.2f to 1 on the background %s: text needs at least %.1f to 1 (WCAG, level AA)", key, hex,
	      color_contrast(a, b), r->style->background, COLOR_CONTRAST_AA);
	diags_help(r->diags, "take a %s colour",
	           color_contrast(b, (struct color){0}) > color_contrast(b, (struct color){1, 1, 1}) ? "darker" : "lighter");
}

static void read_colors(const struct reading *r, int map)
{
	static const char *const keys[] = {"background", "ink", "accent"};
	if (!yaml_is(r->y, map, YAML_MAP, "colours", r->diags))
		return;
	yaml_only(r->y, map, keys, ARRAY_SIZE(keys), r->diags);
	read_color(r, map, "background", r->style->background);
	read_color(r, map, "ink", r->style->ink);
	read_color(r, map, "accent", r->style->accent);
	check_contrast(r, map, "ink", r->style->ink);
	check_contrast(r, map, "accent", r->style->accent);
}

/* ---- Pictures ---- */

static void read_art(const struct reading *r, int map, const char *key, struct str *ret)
{
	struct str name;
	struct media_info info;
	struct err err;
	_cleanup_buf_ struct buf bytes = BUF(ISSUER_ART_MAX);
	int node = yaml_find(r->y, map, key);
	if (node < 0 || !yaml_text(r->y, node, key, PATH_TEXT_MAX, &name, r->diags))
		return;
	_cleanup_free_ char *path = str_dup(name);
	if (!file_read_beneath(r->dir_fd, path, ISSUER_ART_MAX, &bytes, &err)) {
		wrong(r, node, "%s: %s", key, err.msg);
		diags_help(r->diags, "the file lies in the data folder, beside issuer.yml, and has at most %u KiB", ISSUER_ART_MAX >> 10);
		return;
	}
	if (!media_inspect(buf_str(&bytes), &info, &err)) {
		wrong(r, node, "%s: %s: %s", key, path, err.msg);
		return;
	}
	if (strcmp(info.extension, "png") != 0 && strcmp(info.extension, "svg") != 0) {
		wrong(r, node, "%s: %s is a picture of type %s: only PNG and SVG can be drawn", key, path, info.mime);
		return;
	}
	free_art(*ret);
	ret->p = buf_take(&bytes, &ret->len);
}

/* ---- Signers ---- */

static char *read_name(const struct reading *r, int map, const char *key)
{
	struct str text;
	int node = yaml_find(r->y, map, key);
	if (node < 0) {
		wrong(r, map, "a signer needs a %s", key);
		return xstrdup("");
	}
	return yaml_text(r->y, node, key, SIGNER_TEXT_MAX, &text, r->diags) ? str_dup(text) : xstrdup("");
}

static void read_signers(const struct reading *r, int list)
{
	static const char *const keys[] = {"name", "title", "signature"};
	if (!yaml_is(r->y, list, YAML_LIST, "signers", r->diags))
		return;
	for (int node = yaml_first(r->y, list); node >= 0; node = yaml_next(r->y, node)) {
		size_t i = r->style->n_signers;
		if (i == PICTURE_SIGNERS_MAX) {
			wrong(r, node, "a certificate has room for %d signers", PICTURE_SIGNERS_MAX);
			return;
		}
		if (!yaml_is(r->y, node, YAML_MAP, "a signer", r->diags))
			continue;
		yaml_only(r->y, node, keys, ARRAY_SIZE(keys), r->diags);
		r->style->signers[i].name = read_name(r, node, "name");
		r->style->signers[i].title = read_name(r, node, "title");
		read_art(r, node, "signature", &r->style->signers[i].signature);
		r->style->n_signers++;
	}
}

void issuer_style_read(const struct yaml *y, const char *dir, struct picture_style *style, struct diags *diags)
{
	_cleanup_close_ int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct reading r = {y, dir_fd, style, diags};
	size_t before = diags->n_errors;
	int colors = yaml_find(y, 0, "colours"), signers = yaml_find(y, 0, "signers");
	issuer_style_default(style);
	if (colors >= 0)
		read_colors(&r, colors);
	read_art(&r, 0, "logo", &style->logo);
	if (signers >= 0)
		read_signers(&r, signers);
	if (diags->n_errors > before)
		issuer_style_finish(style);
}
