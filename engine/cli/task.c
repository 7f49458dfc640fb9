/* assay task: makes, tries and proves hands-on tasks. The commands are in task_new.c, task_try.c and task_test.c. */
#include "cli/task.h"
#include "bank/diag.h"
#include "base/rng.h"
#include "cli/cli.h"
#include "graders/client/params.h"
#include "proctor/images.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define OUTPUT_MAX (16u << 20)

static const char help[] = "assay task - make, try and prove hands-on tasks\n"
                           "\n"
                           "Usage: assay task new DIR\n"
                           "       assay task try [--seed N] DIR\n"
                           "       assay task test [--write] [--json] [--progress] [--jobs N] [--seeds N] DIR...\n"
                           "\n"
                           "new   makes a task's folder that works: a task, its grader, its solution, wrong and other right ways.\n"
                           "      DIR is in the folder tasks of a bank: my-bank/tasks/NAME.\n"
                           "try   opens the task's box as a candidate gets it, with a shell in it. When the shell ends, it asks\n"
                           "      what is next: check what was done, go on, begin anew, run the solution, or quit.\n"
                           "test  does the task in real boxes, in every way that its folder describes, and prints which check\n"
                           "      each of them passed and failed. A task is proved when the solution and every other right way\n"
                           "      (alt/) earn everything, an untouched box fails every check that carries points, every wrong way\n"
                           "      (wrong/) fails just what its expect.yml names, every check is failed by a wrong way, and grading\n"
                           "      twice gives the same. assay bank check refuses a task without a proof of what it holds now.\n"
                           "\n"
                           "Options:\n"
                           "  --write      write proof.json into the folder of each task that is proved\n"
                           "  --json       the results as JSON\n"
                           "  --progress   a line on standard error for each way that was done\n"
                           "  --jobs N     so many boxes at once (default: one for each processor)\n"
                           "  --seeds N    draw a parametrised task so many times (default: 3)\n"
                           "  --seed N     the draw to try (default: 1)\n"
                           "  --data DIR   where images of boxes are (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
                           "\n"
                           "How to write a task is in docs/authors/tasks.md.\n"
                           "\n"
                           "Exit codes: 0 done, or all are proved; 1 mistakes, or not proved; 2 usage; 3 could not look.\n";

/* ---- what the parts share ---- */

void task_tools_finish(struct task_tools *t)
{
	free(t->sandbox_dir);
	free(t->launcher);
	free(t->grader);
	free(t->params);
}

static bool make_folders(const char *path, struct err *err)
{
	_cleanup_free_ char *copy = xstrdup(path);
	for (char *p = copy + 1;; p++) {
		char c = *p;
		if (c != '/' && c)
			continue;
		*p = 0;
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "making %s: %s", copy, strerror(errno));
		*p = c;
		if (!c)
			return true;
	}
}

bool task_tools_find(const char *data, struct task_tools *ret, struct err *err)
{
	struct task_tools t = {.sandbox_dir = xasprintf("%s/sandbox", data)};
	t.launcher = cli_beside("assay-sandbox");
	if (!t.launcher)
		t.launcher = cli_beside("sandbox/assay-sandbox"); /* in a build folder */
	t.grader = cli_beside("assay-grader");
	t.params = cli_beside("assay-params");
	bool ok = t.launcher && t.grader && t.params;
	if (!ok)
		err_set(err, ERR_NOT_FOUND, "the program %s is missing beside this one",
		        !t.launcher ? "assay-sandbox"
		        : !t.grader ? "assay-grader"
		                    : "assay-params");
	if (!ok || !make_folders(data, err)) {
		task_tools_finish(&t);
		return false;
	}
	*ret = t;
	return true;
}

bool task_connect(const struct task_tools *t, struct sandbox **ret, struct err *err)
{
	return make_folders(t->sandbox_dir, err) && sandbox_connect(t->sandbox_dir, t->launcher, ret, err);
}

bool task_read(const char *dir, bool json, struct bank **ret, struct err *err)
{
	struct diags diags = {0};
	struct bank *bank = NULL;
	_cleanup_buf_ struct buf out = BUF(OUTPUT_MAX);
	const char *no_color = getenv("NO_COLOR");
	FILE *to = json ? stderr : stdout;
	if (!bank_load_task(dir, &diags, &bank, err))
		return false;
	diags_sort(&diags);
	diags_print(&diags, isatty(fileno(to)) && !(no_color && *no_color), &out);
	fwrite(buf_str(&out).p, 1, out.len, to);
	fflush(to);
	diags_finish(&diags);
	if (!bank->n_items) {
		bank_destroy(bank);
		bank = NULL;
	} else {
		bank_look_for_commands(bank);
		const struct task *task = bank->items[0].task;
		if (task->missing) {
			err_set(err, ERR_UNSUPPORTED, "%s needs %s", dir, task->missing);
			bank_destroy(bank);
			return false;
		}
	}
	*ret = bank;
	return true;
}

bool task_draw(const struct task_tools *t, const struct bank *bank, size_t n, char **ret_values, struct err *err)
{
	struct params_job jobs[TASK_SEEDS_MAX] = {0};
	const struct item *item = &bank->items[0];
	for (size_t i = 0; i < n; i++)
		jobs[i] = (struct params_job){.lua = item->params_lua, .seed = i + 1};
	if (!params_draw(t->params, jobs, n, err))
		return false;
	bool ok = true;
	for (size_t i = 0; i < n; i++) {
		struct item *drawn = NULL;
		if (ok && !jobs[i].values)
			ok = err_set(err, ERR_INVALID, "the program in task.md: %s", jobs[i].error);
		else if (ok)
			ok = bank_instantiate(bank, item, jobs[i].values, &drawn, err);
		item_destroy(drawn);
		free(jobs[i].error);
		if (ok)
			ret_values[i] = jobs[i].values;
		else
			free(jobs[i].values);
	}
	for (size_t i = 0; !ok && i < n; i++) {
		free(ret_values[i]);
		ret_values[i] = NULL;
	}
	return ok;
}

bool task_image(const struct task_tools *t, const struct bank *bank, char ret[65], struct err *err)
{
	const struct bank_image *image = bank_image(bank, bank->items[0].task->image);
	char built[HASH_HEX_SIZE];
	image_of_task(bank, bank->items[0].task, ret);
	if (!image)
		return true;
	const struct image_spec spec = image_spec_of(image);
	if (image_built(t->sandbox_dir, ret, built, err))
		return true;
	if (err->code != ERR_NOT_FOUND)
		return false;
	fprintf(stderr, "assay task: building the image '%s'; this takes some minutes\n", image->name);
	return image_build(t->sandbox_dir, &spec, err);
}

bool task_box(struct sandbox *s, const struct task_subject *subject, char ret_box[65], struct prepare_result *setup, struct err *err)
{
	const struct task *task = subject->item->task;
	char id[RNG_ID_SIZE], box[65];
	struct prepare_file *files = xcalloc(task->n_files + 1, sizeof *files);
	for (size_t i = 0; i < task->n_files; i++)
		files[i] = (struct prepare_file){
		    .path = task->files[i].path, .bytes = {task->files[i].bytes, task->files[i].size}, .executable = task->files[i].executable};
	snprintf(box, sizeof box, "task-%s", rng_id(id));
	const struct prepare job = {.box = box,
	                            .image = subject->image,
	                            .limits = (const char *const *)task->limits,
	                            .bound = true,
	                            .files = files,
	                            .n_files = task->n_files,
	                            .setup = str_of(task->setup_sh),
	                            .values = subject->values};
	bool ok = prepare_box(s, &job, setup, err);
	free(files);
	if (ok)
		memcpy(ret_box, box, sizeof box);
	return ok;
}

bool task_grade(struct sandbox *s, const struct task_tools *t, const struct task_subject *subject, const char *box, bool hints,
                struct grade_result *ret, struct grade_result *again, struct err *err)
{
	const struct task *task = subject->item->task;
	__attribute__((cleanup(sandbox_snapshot_finish))) struct sandbox_snapshot snapshot = {0};
	if (!sandbox_snapshot(s, box, &snapshot, err))
		return false;
	struct grade_job job = {.program = t->grader,
	                        .lua = str_of(task->grader_lua),
	                        .image = subject->image,
	                        .snapshot = snapshot.path,
	                        .box = box,
	                        .user = task->user,
	                        .values = subject->values,
	                        .hints = hints};
	if (!grade_run(s, &job, ret, err))
		return false;
	if (!again)
		return true;
	job.box = NULL;
	job.observations = buf_str(&ret->observations);
	if (grade_run(s, &job, again, err))
		return true;
	grade_result_finish(ret);
	return false;
}

/* ---- the command line ---- */

static int usage(const char *why, const char *what)
{
	fprintf(stderr, "assay task: %s%s; see assay task --help\n", why, what);
	return 2;
}

static bool number(const char *text, int64_t max, int64_t *ret)
{
	return str_to_i64(str_of(text), 1, max, ret);
}

int cli_task(int argc, char **argv)
{
	static const struct option options[] = {{"write", 0, NULL, 'w'}, {"json", 0, NULL, 'j'},  {"progress", 0, NULL, 'p'},
	                                        {"jobs", 1, NULL, 'n'},  {"seeds", 1, NULL, 's'}, {"seed", 1, NULL, 'S'},
	                                        {"data", 1, NULL, 'd'},  {"help", 0, NULL, 'h'},  {NULL, 0, NULL, 0}};
	_cleanup_free_ char *data = cli_data_dir();
	struct task_test_options o = {.data = data};
	int64_t jobs = 0, seeds = 0, seed = 1;
	bool of_test = false, of_try = false;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		if (c == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (c == '?')
			return usage("there is no such option, or it lacks its value: ", argv[optind - 1]);
		if ((c == 'n' && !number(optarg, 64, &jobs)) || (c == 's' && !number(optarg, TASK_SEEDS_MAX, &seeds)) ||
		    (c == 'S' && !number(optarg, INT32_MAX, &seed)))
			return usage("this is not a number in its range: ", optarg);
		if (c == 'd')
			o.data = optarg;
		o.write |= c == 'w';
		o.json |= c == 'j';
		o.progress |= c == 'p';
		of_test |= c != 'S' && c != 'd';
		of_try |= c == 'S';
	}
	if (optind >= argc)
		return usage("what is to be done? new, try or test", "");
	const char *what = argv[optind++];
	bool is_new = !strcmp(what, "new"), is_try = !strcmp(what, "try"), is_test = !strcmp(what, "test");
	if (!is_new && !is_try && !is_test)
		return usage("there is no command ", what);
	if ((of_test && !is_test) || (of_try && !is_try))
		return usage("this option is not one of ", what);
	if (optind >= argc)
		return usage("which folder?", "");
	if (!is_test && optind + 1 < argc)
		return usage("one folder at a time, please: ", argv[optind + 1]);
	o.jobs = (size_t)jobs;
	o.seeds = (size_t)seeds;
	if (is_new)
		return task_new(argv[optind]);
	return is_try ? task_try(argv[optind], o.data, (uint64_t)seed)
	              : task_test(&o, (const char *const *)argv + optind, (size_t)(argc - optind));
}
