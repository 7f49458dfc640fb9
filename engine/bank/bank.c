/* A bank in memory: names, lookups and the end of its life. See bank.h. */
#include "bank/bank.h"
#include "bank/load.h"
#include <string.h>

const char *item_kind_name(enum item_kind kind)
{
	static const char *const names[ITEM_KINDS] = {"single",  "multiple", "true-false", "grid",    "ordering", "matching",
	                                              "numeric", "text",     "cloze",      "hotspot", "essay",    "task"};
	return (unsigned)kind < ITEM_KINDS ? names[kind] : "unknown";
}

const char *const item_status_names[ITEM_STATUSES] = {"active", "draft", "pretest", "retired", "review", "approved"};

static void finish_options(struct item_option *options, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(options[i].html);
		free(options[i].text);
		free(options[i].feedback_html);
	}
	free(options);
}

static void finish_texts(struct item_text *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(texts[i].pattern);
		free(texts[i].reason_html);
	}
	free(texts);
}

static void finish_strings(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

void task_destroy(struct task *task)
{
	if (!task)
		return;
	free(task->image);
	free(task->box_image);
	free(task->user);
	for (char **l = task->limits; l && *l; l++)
		free(*l);
	free(task->limits);
	finish_strings(task->commands, task->n_commands);
	finish_strings(task->checklist_html, task->n_checklist);
	finish_strings(task->docs, task->n_docs);
	free(task->ports);
	free(task->setup_sh);
	free(task->grader_lua);
	free(task->solution_sh);
	for (size_t i = 0; i < task->n_files; i++) {
		free(task->files[i].path);
		free(task->files[i].hash);
		free(task->files[i].bytes);
	}
	free(task->files);
	free(task->values);
	free(task->check_ids);
	for (size_t i = 0; i < task->n_variants; i++) {
		free(task->variants[i].name);
		free(task->variants[i].run_sh);
		finish_strings(task->variants[i].fails, task->variants[i].n_fails);
	}
	free(task->variants);
	free(task->missing);
	free(task);
}

void item_finish(struct item *item)
{
	task_destroy(item->task);
	free(item->id);
	free(item->title);
	free(item->domain);
	free(item->objective);
	free(item->family);
	free(item->case_id);
	finish_strings(item->tags, item->n_tags);
	free(item->stem_html);
	finish_options(item->options, item->n_options);
	finish_options(item->targets, item->n_targets);
	for (size_t i = 0; i < item->n_numbers; i++)
		free(item->numbers[i].unit);
	free(item->numbers);
	finish_strings(item->units, item->n_units);
	finish_texts(item->texts, item->n_texts);
	for (size_t i = 0; i < item->n_blanks; i++) {
		finish_options(item->blanks[i].options, item->blanks[i].n_options);
		finish_texts(item->blanks[i].texts, item->blanks[i].n_texts);
	}
	free(item->blanks);
	free(item->image_html);
	for (size_t i = 0; i < item->n_regions; i++) {
		free(item->regions[i].id);
		free(item->regions[i].label);
	}
	free(item->regions);
	free(item->rubric_html);
	free(item->explanation_html);
	free(item->references_html);
	finish_strings(item->hints_html, item->n_hints);
	free(item->params_lua);
	free(item->source);
	free(item->file);
}

void item_destroy(struct item *item)
{
	if (!item)
		return;
	item_finish(item);
	free(item);
}

void blueprint_finish(struct blueprint *bp)
{
	free(bp->id);
	free(bp->title);
	free(bp->description);
	free(bp->note);
	for (size_t i = 0; i < bp->n_weights; i++)
		free(bp->weights[i].domain);
	free(bp->weights);
	for (size_t i = 0; i < bp->n_sections; i++) {
		free(bp->sections[i].id);
		free(bp->sections[i].title);
		finish_strings(bp->sections[i].domains, bp->sections[i].n_domains);
	}
	free(bp->sections);
	finish_strings(bp->doc_urls, bp->n_doc_urls);
	free(bp->retake_waits);
	free(bp->renew_exam);
}

static void finish_domains(struct bank_domain *domains, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(domains[i].id);
		free(domains[i].title);
		for (size_t k = 0; k < domains[i].n_objectives; k++) {
			free(domains[i].objectives[k].id);
			free(domains[i].objectives[k].title);
		}
		free(domains[i].objectives);
	}
	free(domains);
}

void image_finish(struct bank_image *image)
{
	free(image->name);
	free(image->suite);
	finish_strings(image->packages, image->n_packages);
}

void bank_destroy(struct bank *bank)
{
	if (!bank)
		return;
	free(bank->id);
	free(bank->title);
	free(bank->description);
	free(bank->version);
	free(bank->license);
	free(bank->language);
	finish_strings(bank->authors, bank->n_authors);
	finish_domains(bank->domains, bank->n_domains);
	for (size_t i = 0; i < bank->n_items; i++)
		item_finish(&bank->items[i]);
	free(bank->items);
	for (size_t i = 0; i < bank->n_cases; i++) {
		free(bank->cases[i].id);
		free(bank->cases[i].title);
		free(bank->cases[i].html);
	}
	free(bank->cases);
	for (size_t i = 0; i < bank->n_docs; i++) {
		free(bank->docs[i].id);
		free(bank->docs[i].title);
		free(bank->docs[i].html);
		free(bank->docs[i].text);
	}
	free(bank->docs);
	for (size_t i = 0; i < bank->n_media; i++) {
		free(bank->media[i].path);
		free(bank->media[i].hash);
		free(bank->media[i].bytes);
	}
	free(bank->media);
	for (size_t i = 0; i < bank->n_images; i++)
		image_finish(&bank->images[i]);
	free(bank->images);
	for (size_t i = 0; i < bank->n_exams; i++)
		blueprint_finish(&bank->exams[i]);
	free(bank->exams);
	free(bank);
}

/* Items, exams and cases are sorted by id: every element of these arrays begins with a pointer to it. */
static int compare_id(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

const struct item *bank_item(const struct bank *bank, const char *id)
{
	return bank->n_items ? bsearch(id, bank->items, bank->n_items, sizeof *bank->items, compare_id) : NULL;
}

const struct blueprint *bank_exam(const struct bank *bank, const char *id)
{
	return bank->n_exams ? bsearch(id, bank->exams, bank->n_exams, sizeof *bank->exams, compare_id) : NULL;
}

const struct bank_case *bank_case(const struct bank *bank, const char *id)
{
	return bank->n_cases ? bsearch(id, bank->cases, bank->n_cases, sizeof *bank->cases, compare_id) : NULL;
}

const struct bank_domain *bank_domain(const struct bank *bank, const char *id)
{
	for (size_t i = 0; i < bank->n_domains; i++)
		if (strcmp(bank->domains[i].id, id) == 0)
			return &bank->domains[i];
	return NULL;
}

const struct bank_image *bank_image(const struct bank *bank, const char *name)
{
	for (size_t i = 0; i < bank->n_images; i++)
		if (strcmp(bank->images[i].name, name) == 0)
			return &bank->images[i];
	return NULL;
}
