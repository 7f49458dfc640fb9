/* Images of hands-on tasks: what a bank calls "web" is, for boxes, a name that holds the hash of its declaration. The one place where the
 * one becomes the other, for the proctor and for commands. */
#pragma once
#include "bank/bank.h"
#include "sandbox/client/images.h"

struct image_spec image_spec_of(const struct bank_image *image);
/* What a box calls the image of a task: "host", or the key of one of the bank's images. */
void image_of_task(const struct bank *bank, const struct task *task, char ret[BOX_NAME_MAX + 1]);
/* Notes it in the task; every task that the proctor works with has it. */
void image_note(const struct bank *bank, struct task *task);

/* Which images of the bank are built: a bit for each. `dir` is the launcher's folder. */
uint64_t images_built(const char *dir, const struct bank *bank);
/* Gives each task the name that boxes know its image by, and notes in those whose image is not built what is missing. Returns which are
 * built. */
uint64_t images_resolve(const char *dir, struct bank *bank);
