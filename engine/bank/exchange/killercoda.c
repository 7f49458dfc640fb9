/* Killercoda scenarios: index.json with its steps. Each step becomes the draft of a hands-on task: what the candidate reads and what
 * prepares the box. A grader must be written and proved before the task is offered; the step's own check is kept beside it, to write it
 * from. */
#include "bank/exchange/intake.h"
#include "bank/markdown.h"
#include "base/json.h"

#define STEPS_MAX 100

struct scenario {
	struct intake *in;
	const char *title, *image;
	char *folder; /* of index.json, with a slash at its end; or empty */
};

static char *near(const struct scenario *s, const char *path)
{
	return xasprintf("%s%s", s->folder, path);
}

/* A file that the scenario names; false: it is not there. */
static bool read_part(const struct scenario *s, const char *path, struct buf *out)
{
	struct err err;
	if (!path || !*path)
		return false;
	_cleanup_free_ char *full = bank_path_resolve(s->in->file, str_of(path));
	return full && package_has(s->in->package, full) && intake_text(s->in, full, out, &err);
}

/* Without "{{exec}}", "{{copy}}" and the like behind code. */
static void drop_actions(struct buf *text)
{
	size_t n = 0;
	for (size_t i = 0; i < text->len; i++) {
		const char *end = i && text->p[i - 1] == '`' && text->p[i] == '{' && i + 1 < text->len && text->p[i + 1] == '{'
		                      ? memmem(text->p + i, text->len - i, "}}", 2)
		                      : NULL;
		if (end && end - (text->p + i) < 40) {
			i = (size_t)(end - text->p) + 1;
			continue;
		}
		text->p[n++] = text->p[i];
	}
	text->len = n;
	if (text->p)
		text->p[n] = 0;
}

static bool folder_is_taken(const struct intake *in, const char *slug)
{
	_cleanup_free_ char *path = xasprintf("tasks/%s/task.md", slug);
	for (size_t i = 0; i < in->n_files; i++)
		if (strcmp(in->files[i].path, path) == 0)
			return true;
	return false;
}

static char *new_slug(const struct scenario *s, const char *title)
{
	_cleanup_free_ char *both = xasprintf("%s %s", s->title, title);
	_cleanup_free_ char *slug = str_slug(str_of(both), 56);
	char *id = xstrdup(slug);
	for (int n = 2; folder_is_taken(s->in, id); n++) {
		free(id);
		id = xasprintf("%s-%d", slug, n);
	}
	return id;
}

static void add_task_md(const struct scenario *s, const char *title, const char *text, const char *slug)
{
	_cleanup_buf_ struct buf md = BUF(1u << 20);
	buf_adds(&md, "---\n# A draft: the grader, a solution and the proof are to be written.\n");
	buf_adds(&md, "difficulty: 2\ntime: 10m\nimage: host\nuser: root\n---\n# ");
	buf_addv(&md, str_cut(str_of(title), 400));
	buf_addc(&md, '\n');
	buf_adds(&md, text);
	buf_adds(&md, "\n\n### Checklist\n- What the text asks for is done\n");
	if (s->image)
		buf_addf(&md, "\n### Explanation\nThe scenario was written for the image `%.80s`.\n", s->image);
	intake_add_file(s->in, xasprintf("tasks/%s/task.md", slug), buf_str(&md), false);
}

static void add_script(const struct scenario *s, const char *slug, const char *name, const char *path)
{
	_cleanup_buf_ struct buf script = BUF(1u << 20);
	if (read_part(s, path, &script))
		intake_add_file(s->in, xasprintf("tasks/%s/%s", slug, name), buf_str(&script), true);
}

static const char grader[] =
    "-- A draft: it lets nobody pass until it is written. What the scenario's own check looked at is in reference/verify.sh.\n"
    "check(\"done\", 1, \"What the text asks for is done\", {}, function()\n"
    "  expect(false, \"The grader of this task is not written yet\")\n"
    "end)\n";

static void read_step(struct scenario *s, const cJSON *step, int number)
{
	struct err err;
	const char *title = NULL, *text_path = NULL, *verify = NULL, *background = NULL, *foreground = NULL;
	struct intake *in = s->in;
	struct plain *q = intake_add(in, 0);
	q->kind = ITEM_TASK;
	bool ok = json_opt_str(step, "step", "title", 1000, &title, &err) && json_opt_str(step, "step", "text", 1000, &text_path, &err) &&
	          json_opt_str(step, "step", "verify", 1000, &verify, &err) &&
	          json_opt_str(step, "step", "background", 1000, &background, &err) &&
	          json_opt_str(step, "step", "foreground", 1000, &foreground, &err);
	_cleanup_free_ char *made_up = xasprintf("Step %d", number);
	title = title && *title ? title : made_up;
	plain_set(&q->title, str_dup(str_cut(str_of(title), 400)));
	_cleanup_buf_ struct buf text = BUF(1u << 20);
	if (!ok) {
		(void)plain_reject(q, "%s", err.msg);
		return;
	}
	if (!read_part(s, text_path, &text)) {
		(void)plain_reject(q, "its text '%.100s' is not there", text_path ? text_path : "");
		return;
	}
	drop_actions(&text);
	const char *index = in->file;
	_cleanup_free_ char *from = near(s, text_path);
	in->file = from;
	_cleanup_free_ char *body = intake_markdown(in, buf_str(&text), false);
	in->file = index;
	if (!str_trim(str_of(body)).len) {
		(void)plain_reject(q, "it has no text");
		return;
	}
	_cleanup_free_ char *slug = new_slug(s, title);
	q->id = xstrdup(slug);
	add_task_md(s, title, body, slug);
	add_script(s, slug, "setup.sh", background ? background : foreground);
	add_script(s, slug, "reference/verify.sh", verify);
	intake_add_file(in, xasprintf("tasks/%s/grader.lua", slug), str_of(grader), false);
	plain_lose(q, verify ? "a draft: its grader is to be written from reference/verify.sh, with a solution, and proved"
	                     : "a draft: it has no check; a grader is to be written, with a solution, and proved");
}

bool killercoda_read(struct intake *in, struct str text, struct err *err)
{
	_cleanup_json_ cJSON *root = NULL;
	if (!json_parse(text, &root, err))
		return false;
	struct scenario s = {.in = in, .title = "Scenario"};
	const cJSON *details = NULL, *steps = NULL;
	if (!json_opt_str(root, "index", "title", 1000, &s.title, err) || !json_get_object(root, "index", "details", &details, err) ||
	    !json_get_array(details, "details", "steps", STEPS_MAX, &steps, err))
		return false;
	const cJSON *backend = cJSON_GetObjectItemCaseSensitive(root, "backend"), *image = cJSON_GetObjectItemCaseSensitive(backend, "imageid");
	s.image = cJSON_IsString(image) ? image->valuestring : NULL;
	const char *slash = strrchr(in->file, '/');
	s.folder = xstrndup(in->file, slash ? (size_t)(slash - in->file) + 1 : 0);
	int number = 0;
	for (const cJSON *step = steps->child; step; step = step->next)
		read_step(&s, step, ++number);
	free(s.folder);
	return true;
}
