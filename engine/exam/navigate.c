/* Where the candidate stands in the form, and what time does to it.
 *
 *     section 1 ──▶ break ──▶ section 2 ──▶ … ──▶ ended
 *
 * Sections follow each other without a way back. A section or break ends by its own deadline, or is left; the attempt's deadline ends all.
 * A break with a stopped clock pushes the attempt's deadline back by its whole length when it begins, and takes back what was not used when
 * it is left early: so both deadlines are always plain points in time, and progress_next() is the smaller one. The next section begins at
 * the moment at which its predecessor ended, not when somebody looked, so that looking late changes nothing. */
#include "exam/exam.h"
#include <assert.h>

static int64_t extended(int64_t ms, int extra_m)
{
	return extra_m > 1000 ? (ms * extra_m + 999) / 1000 : ms; /* to the candidate's favour */
}

static void enter(struct progress *p, const struct form *form, size_t section, int extra_m, int64_t at_ms)
{
	const struct form_section *s = &form->sections[section];
	p->section = section;
	p->state = s->is_break ? ATTEMPT_ON_BREAK : ATTEMPT_RUNNING;
	p->section_deadline_ms = 0;
	if (s->duration_ms > 0)
		p->section_deadline_ms = at_ms + (s->is_break ? s->duration_ms : extended(s->duration_ms, extra_m));
	if (s->is_break && s->clock_stopped && p->deadline_ms)
		p->deadline_ms += s->duration_ms;
}

void progress_begin(const struct form *form, const struct blueprint *bp, int extra_m, int64_t now_ms, struct progress *ret)
{
	assert(form->n_sections > 0);
	*ret = (struct progress){.deadline_ms = bp->duration_ms > 0 ? now_ms + extended(bp->duration_ms, extra_m) : 0};
	enter(ret, form, 0, extra_m, now_ms);
}

int64_t progress_next(const struct progress *p)
{
	if (p->state == ATTEMPT_ENDED)
		return INT64_MAX;
	int64_t next = p->deadline_ms ? p->deadline_ms : INT64_MAX;
	return p->section_deadline_ms && p->section_deadline_ms < next ? p->section_deadline_ms : next;
}

/* Remembers which section a deadline has closed; breaks have nothing that could come late. */
static void note_closed(struct progress *p, int64_t at_ms)
{
	if (p->state != ATTEMPT_RUNNING)
		return;
	p->closed_section = p->section;
	p->closed_cursor = p->cursor;
	p->closed_ms = at_ms;
}

bool progress_advance(struct progress *p, const struct form *form, int extra_m, int64_t now_ms)
{
	bool changed = false;
	for (int64_t at_ms; (at_ms = progress_next(p)) <= now_ms; changed = true) {
		note_closed(p, at_ms);
		if ((p->deadline_ms && p->deadline_ms <= at_ms) || p->section + 1 >= form->n_sections)
			p->state = ATTEMPT_ENDED;
		else
			enter(p, form, p->section + 1, extra_m, at_ms);
	}
	return changed;
}

static size_t section_of(const struct form *form, size_t index)
{
	for (size_t s = 0; s < form->n_sections; s++)
		if (index >= form->sections[s].first && index - form->sections[s].first < form->sections[s].count)
			return s;
	assert(false);
	return 0;
}

static bool passed(const struct form *form, size_t section, size_t index, size_t cursor, struct err *err)
{
	return form->sections[section].no_return && index < cursor &&
	       !err_set(err, ERR_NO_RETURN, "this question has been passed, and there is no way back in this section");
}

bool progress_may_answer(const struct progress *p, const struct form *form, size_t index, int64_t grace_ms, int64_t now_ms,
                         int64_t *ret_late_ms, struct err *err)
{
	if (index >= form->n_items)
		return err_set(err, ERR_NOT_ON_FORM, "the form has %zu items", form->n_items);
	size_t section = section_of(form, index);
	if (p->closed_ms && section == p->closed_section && now_ms >= p->closed_ms && now_ms - p->closed_ms <= grace_ms) {
		if (passed(form, section, index, p->closed_cursor, err))
			return false;
		*ret_late_ms = now_ms - p->closed_ms;
		return true;
	}
	if (p->state == ATTEMPT_ENDED)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	if (p->state == ATTEMPT_ON_BREAK)
		return err_set(err, ERR_ON_BREAK, "nothing can be answered during a break");
	if (section != p->section)
		return err_set(err, ERR_SECTION_CLOSED,
		               section < p->section ? "the section of this question is closed" : "the section of this question has not begun");
	if (passed(form, section, index, p->cursor, err))
		return false;
	*ret_late_ms = 0;
	return true;
}

static void end_by_hand(struct progress *p)
{
	p->state = ATTEMPT_ENDED;
	p->closed_ms = 0; /* nothing late is taken any more */
}

bool progress_leave_section(struct progress *p, const struct form *form, int extra_m, int64_t now_ms, struct err *err)
{
	size_t before = p->section;
	progress_advance(p, form, extra_m, now_ms);
	if (p->state == ATTEMPT_ENDED)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	if (p->section != before)
		return true; /* time has closed it already; the one after it was not meant */
	const struct form_section *s = &form->sections[p->section];
	if (s->is_break && s->clock_stopped && p->deadline_ms && p->section_deadline_ms)
		p->deadline_ms -= p->section_deadline_ms - now_ms;
	if (p->section + 1 >= form->n_sections)
		end_by_hand(p);
	else
		enter(p, form, p->section + 1, extra_m, now_ms);
	return true;
}

bool progress_move(struct progress *p, const struct form *form, size_t index, struct err *err)
{
	if (index >= form->n_items)
		return err_set(err, ERR_NOT_ON_FORM, "the form has %zu items", form->n_items);
	if (p->state == ATTEMPT_ENDED)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	if (p->state == ATTEMPT_ON_BREAK)
		return err_set(err, ERR_ON_BREAK, "there is nothing to move to during a break");
	size_t section = section_of(form, index);
	if (section != p->section)
		return err_set(err, ERR_SECTION_CLOSED, "this question is in another section");
	if (passed(form, section, index, p->cursor, err))
		return false;
	if (form->sections[section].no_return)
		p->cursor = index;
	return true;
}

bool progress_end(struct progress *p, const struct form *form, int extra_m, int64_t now_ms, struct err *err)
{
	progress_advance(p, form, extra_m, now_ms);
	if (p->state == ATTEMPT_ENDED)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	end_by_hand(p);
	return true;
}
