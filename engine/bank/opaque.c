/* Looking for what cannot be reviewed. See opaque.h.
 *
 * Graders and programs are loaded as text only, so compiled Lua would not run; in a bank it has no honest use, and somebody may try it
 * elsewhere. Its first bytes are ESC L u a (ESC L J for LuaJIT), then 0x5x for the version; a text may spell them as escapes, in base64, or
 * as hexadecimal digits. */
#include "bank/opaque.h"
#include "base/mem.h"

static bool has(struct str s, const char *what)
{
	return s.p && s.len && memmem(s.p, s.len, what, strlen(what));
}

static bool has_nocase(struct str s, const char *what)
{
	size_t n = strlen(what);
	for (size_t i = 0; i + n <= s.len; i++)
		if ((s.p[i] == what[0] || (s.p[i] | 0x20) == what[0]) && str_eq_nocase(str_sub(s, i, i + n), str_of(what)))
			return true;
	return false;
}

/* An escape of the character 27 in front of what follows: \27 \027 \x1b \u{1b} \033 */
static bool has_escaped(struct str s, const char *rest)
{
	static const char *const escapes[] = {"27", "027", "x1b", "x1B", "u{1b}", "u{1B}", "033", "u001b", "u001B", "e"};
	struct str left = s;
	const char *at;
	while (left.p && left.len && (at = memchr(left.p, '\\', left.len))) {
		left = str_sub(left, (size_t)(at - left.p) + 1, left.len);
		for (size_t i = 0; i < ARRAY_SIZE(escapes); i++)
			if (str_starts(left, escapes[i]) && str_starts(str_sub(left, strlen(escapes[i]), left.len), rest))
				return true;
	}
	return false;
}

/* The numbers 27, 76, 117, 97 with commas and blanks between them: string.char(27, 76, 117, 97). */
static bool has_numbers(struct str s)
{
	static const char *const numbers[] = {"27", "76", "117", "97"};
	const char *at;
	for (; s.p && s.len && (at = memmem(s.p, s.len, "27", 2)); s = str_sub(s, (size_t)(at - s.p) + 2, s.len)) {
		struct str rest = str_sub(s, (size_t)(at - s.p), s.len);
		size_t n = 0;
		while (n < ARRAY_SIZE(numbers) && str_starts(rest, numbers[n])) {
			size_t i = strlen(numbers[n++]);
			while (i < rest.len && strchr(", \t", rest.p[i]))
				i++;
			rest = str_sub(rest, i, rest.len);
		}
		if (n == ARRAY_SIZE(numbers))
			return true;
	}
	return false;
}

static bool is_bytecode(struct str s)
{
	return str_starts(s, "\x1bLua") || str_starts(s, "\x1bLJ");
}

static bool hides_bytecode(struct str text)
{
	return has(text, "\x1bLua") || has(text, "\x1bLJ") || has_escaped(text, "Lua") || has_escaped(text, "LJ") || has(text, "G0x1YV") ||
	       has_nocase(text, "1b4c7561") || has_nocase(text, "\\x1b\\x4c\\x75\\x61") || has_numbers(text);
}

const char *opaque_reason(const char *path, struct str bytes)
{
	bool text = str_is_utf8(bytes, NULL);
	if (is_bytecode(bytes))
		return "compiled Lua";
	if (text && hides_bytecode(bytes))
		return "compiled Lua, hidden in a text";
	if (!text && !str_starts(str_of(path), "media/"))
		return "an opaque binary: neither UTF-8 text nor a picture in media/";
	return NULL;
}
