/* SVG pictures: an allow-list of elements, and no reference to anything outside the file.
 *
 * The file is walked tag by tag, not parsed into a tree: what is allowed is so little that this is enough, and anything unusual is
 * refused (document types, CDATA, processing instructions, prefixed elements, CSS escapes, character references where a URL or a style
 * could hide in them). As <img> no SVG runs scripts; this keeps it so when somebody opens the picture itself. */
#include "bank/media.h"
#include "base/mem.h"
#include <math.h>

static const char *const elements[] = {
    "svg",     "g",           "defs",    "title",          "desc",           "metadata",       "path",     "rect",
    "circle",  "ellipse",     "line",    "polyline",       "polygon",        "text",           "tspan",    "textPath",
    "use",     "symbol",      "marker",  "linearGradient", "radialGradient", "stop",           "clipPath", "mask",
    "pattern", "style",       "image",   "switch",         "filter",         "feGaussianBlur", "feOffset", "feBlend",
    "feFlood", "feComposite", "feMerge", "feMergeNode",    "feColorMatrix",  "feDropShadow",   "view",
};

struct svg {
	struct str rest;
	bool in_style, has_root;
	double width, height, box_width, box_height;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' || c == '.';
}

static bool contains_nocase(struct str s, const char *needle)
{
	size_t n = strlen(needle);
	for (size_t i = 0; i + n <= s.len; i++)
		if (str_eq_nocase(str_sub(s, i, i + n), (struct str){needle, n}))
			return true;
	return false;
}

/* Whether every url(…) in the text names something inside the file, and nothing is imported or escaped. */
static bool css_is_local(struct str s)
{
	if (memchr(s.p, '\\', s.len) || contains_nocase(s, "@import") || contains_nocase(s, "expression(") || contains_nocase(s, "image-set("))
		return false;
	for (size_t i = 0; i + 4 <= s.len; i++) {
		if (!str_eq_nocase(str_sub(s, i, i + 4), STR("url(")))
			continue;
		struct str in = str_trim(str_sub(s, i + 4, s.len));
		if (in.len && (in.p[0] == '"' || in.p[0] == '\''))
			in = str_sub(in, 1, in.len);
		if (!str_starts(in, "#"))
			return false;
	}
	return true;
}

static bool is_local_reference(struct str v)
{
	static const char *const data[] = {"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,",
	                                   "data:image/webp;base64,"};
	if (str_starts(v, "#"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(data); i++)
		if (str_starts(v, data[i]))
			return true;
	return false;
}

static bool check_attribute(struct str name, struct str value, struct err *err)
{
	if (name.len > 2 && str_eq_nocase(str_sub(name, 0, 2), STR("on")))
		return err_set(err, ERR_INVALID, "the SVG has an event attribute, %.*s", STR_ARG(str_sub(name, 0, 40)));
	if (str_is(name, "xmlns") || str_starts(name, "xmlns:"))
		return true;
	struct str local = name;
	const char *colon = memchr(name.p, ':', name.len);
	if (colon)
		local = str_sub(name, (size_t)(colon - name.p) + 1, name.len);
	if (str_eq_nocase(local, STR("href")) || str_eq_nocase(local, STR("src"))) {
		if (!is_local_reference(value))
			return err_set(err, ERR_INVALID, "the SVG refers to something outside itself: %.*s", STR_ARG(str_sub(value, 0, 80)));
		return true;
	}
	if (str_is(name, "aria-label"))
		return true;
	if (contains_nocase(value, "&#"))
		return err_set(err, ERR_INVALID, "the SVG has a character reference in %.*s; write the character itself",
		               STR_ARG(str_sub(name, 0, 40)));
	if (!css_is_local(value))
		return err_set(err, ERR_INVALID, "the SVG refers to something outside itself in %.*s", STR_ARG(str_sub(name, 0, 40)));
	return true;
}

static double length_px(struct str v)
{
	double number;
	if (str_ends(v, "px"))
		v.len -= 2;
	return str_to_double(str_trim(v), &number) && number > 0 && number < 1e6 ? number : 0;
}

static void read_size(struct svg *s, struct str name, struct str value)
{
	if (str_is(name, "width"))
		s->width = length_px(value);
	else if (str_is(name, "height"))
		s->height = length_px(value);
	else if (str_is(name, "viewBox")) {
		double box[4] = {0};
		for (int i = 0; i < 4; i++) {
			while (value.len && (is_space(value.p[0]) || value.p[0] == ','))
				value = str_sub(value, 1, value.len);
			size_t n = 0;
			while (n < value.len && !is_space(value.p[n]) && value.p[n] != ',')
				n++;
			if (!str_to_double(str_sub(value, 0, n), &box[i]))
				return;
			value = str_sub(value, n, value.len);
		}
		if (box[2] > 0 && box[3] > 0 && box[2] < 1e6 && box[3] < 1e6) {
			s->box_width = box[2];
			s->box_height = box[3];
		}
	}
}

static bool check_element(struct svg *s, struct str name, struct err *err)
{
	bool known = false;
	for (size_t i = 0; i < ARRAY_SIZE(elements) && !known; i++)
		known = str_is(name, elements[i]);
	if (!known)
		return err_set(err, ERR_INVALID, "the SVG has the element <%.*s>, which is not allowed; save it as plain SVG",
		               STR_ARG(str_sub(name, 0, 40)));
	if (!s->has_root && !str_is(name, "svg"))
		return err_set(err, ERR_INVALID, "not a picture: neither png, jpg, gif, webp nor SVG");
	return true;
}

/* One attribute off the rest of a tag; false at the tag's end or after a mistake (then *ret_bad). */
static bool next_attribute(struct str *rest, struct str *ret_name, struct str *ret_value, bool *ret_bad)
{
	size_t i = 0;
	while (i < rest->len && is_space(rest->p[i]))
		i++;
	if (i == rest->len || rest->p[i] == '>' || rest->p[i] == '/') {
		*rest = str_sub(*rest, i, rest->len);
		return false;
	}
	size_t name = i;
	while (i < rest->len && is_name_char(rest->p[i]))
		i++;
	size_t name_end = i;
	*ret_bad = true;
	if (i == name || i + 2 > rest->len || rest->p[i] != '=' || (rest->p[i + 1] != '"' && rest->p[i + 1] != '\''))
		return false;
	const char *value = rest->p + i + 2, *end = memchr(value, rest->p[i + 1], rest->len - i - 2);
	if (!end)
		return false;
	*ret_bad = false;
	*ret_name = str_sub(*rest, name, name_end);
	*ret_value = (struct str){value, (size_t)(end - value)};
	*rest = str_sub(*rest, (size_t)(end - rest->p) + 1, rest->len);
	return true;
}

/* "<" is the first character of the rest. */
static bool read_tag(struct svg *s, struct err *err)
{
	struct str rest = str_sub(s->rest, 1, s->rest.len);
	bool closing = rest.len && rest.p[0] == '/';
	if (closing)
		rest = str_sub(rest, 1, rest.len);
	size_t n = 0;
	while (n < rest.len && is_name_char(rest.p[n]))
		n++;
	struct str name = str_sub(rest, 0, n), attribute, value;
	if (!check_element(s, name, err))
		return false;
	bool root = !closing && !s->has_root, bad = false;
	rest = str_sub(rest, n, rest.len);
	while (next_attribute(&rest, &attribute, &value, &bad)) {
		if (!check_attribute(attribute, value, err))
			return false;
		if (root)
			read_size(s, attribute, value);
	}
	bool empty = rest.len && rest.p[0] == '/';
	if (empty)
		rest = str_sub(rest, 1, rest.len);
	if (bad || !rest.len || rest.p[0] != '>')
		return err_set(err, ERR_INVALID, "the SVG is not well-formed near <%.*s>", STR_ARG(str_sub(name, 0, 40)));
	s->rest = str_sub(rest, 1, rest.len);
	s->has_root = true;
	s->in_style = str_is(name, "style") && !closing && !empty;
	return true;
}

static bool skip_to(struct svg *s, const char *end, struct err *err)
{
	const char *at = memmem(s->rest.p, s->rest.len, end, strlen(end));
	if (!at)
		return err_set(err, ERR_INVALID, "the SVG is cut off");
	s->rest = str_sub(s->rest, (size_t)(at - s->rest.p) + strlen(end), s->rest.len);
	return true;
}

static bool read_markup(struct svg *s, struct err *err)
{
	if (str_starts(s->rest, "<!--"))
		return skip_to(s, "-->", err);
	if (str_starts(s->rest, "<?xml ") && !s->has_root)
		return skip_to(s, "?>", err);
	if (str_starts(s->rest, "<!") || str_starts(s->rest, "<?"))
		return err_set(err, ERR_INVALID, "the SVG has a document type, CDATA or a processing instruction; save it as plain SVG");
	return read_tag(s, err);
}

bool svg_inspect(struct str bytes, int *ret_width, int *ret_height, struct err *err)
{
	struct svg s = {.rest = bytes};
	if (str_starts(s.rest, "\xef\xbb\xbf"))
		s.rest = str_sub(s.rest, 3, s.rest.len);
	if (!str_starts(str_trim(s.rest), "<") || !str_is_utf8(bytes, NULL))
		return err_set(err, ERR_INVALID, "not a picture: neither png, jpg, gif, webp nor SVG");
	while (s.rest.len) {
		const char *tag = memchr(s.rest.p, '<', s.rest.len);
		size_t text = tag ? (size_t)(tag - s.rest.p) : s.rest.len;
		struct str content = str_sub(s.rest, 0, text);
		if (s.in_style && (!css_is_local(content) || memchr(content.p, '&', content.len)))
			return err_set(err, ERR_INVALID, "the SVG's style sheet refers to something outside the picture");
		s.rest = str_sub(s.rest, text, s.rest.len);
		if (tag && !read_markup(&s, err))
			return false;
	}
	double width = s.width, height = s.height;
	if (width == 0 || height == 0) {
		width = s.box_width;
		height = s.box_height;
	}
	if (!s.has_root || width == 0 || height == 0)
		return err_set(err, ERR_INVALID, "the SVG needs width and height in pixels, or a viewBox");
	*ret_width = (int)lround(width);
	*ret_height = (int)lround(height);
	return true;
}
