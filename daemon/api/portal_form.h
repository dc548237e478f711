/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * api/portal_form: a form that a page of the portal sent: urlencoded or multipart, taken from
 * the connection in pieces. Texts are kept, files go into uploads that nobody sees, with
 * constant memory; what is left of them is dropped. Three steps read it, at the same places in
 * every list of steps; four at its end attach the files to a case and drop the rest.
 *
 * When steps run again (exchange_again) the body is not there a second time: what was read is
 * kept in x->json, and the steps that read are passed over.
 */
#ifndef OGID_API_PORTAL_FORM_H
#define OGID_API_PORTAL_FORM_H

#include "api/app.h"
#include "store/attachment.h"

enum {
	FORM_TEXT = 128 * 1024,       /* bytes of all texts */
	FORM_BODY = 24 * 1024 * 1024, /* of the whole body */
	FORM_CODED = 384 * 1024,      /* of an urlencoded one */
	FORM_FILE = 10 * 1024 * 1024, /* of one file */
	FORM_FILES = 5,
	FORM_OF_ADDRESS = 4, /* multipart forms arriving from one address */
	FORM_AT_ONCE = 256,  /* of them in one process: each holds some 400 KiB */
};
/* Places in the list of steps. */
enum {
	FORM_STEP_TAKE = 1,
	FORM_STEP_LOAD = 3,   /* the page's own from here ... */
	FORM_STEP_ATTACH = 7, /* ... to here: form_attach_ask, _write, _written */
	FORM_STEP_DROP = 10,  /* form_drop, form_dropped, then the page's answer */
};

struct form_file {
	struct uuid upload;
	const char *name, *content_type;
	int64_t size;
	struct mac hash;
	bool attached; /* to the case, now or under the same key before */
};

/* First in the state of every page that takes a form. */
struct portal_form {
	bool again;      /* read before: x->json holds it */
	bool needs_case; /* set before form_open: files only for a correction of a named case,
			  * and the first is charged to the address */
	bool charged, ended, too_long;
	struct multipart *parts;
	char *text; /* of the field or the whole body that is arriving */
	size_t text_bytes, texts;
	const char *name; /* of the field that is arriving */
	json_t *fields;   /* name -> text */
	struct form_file file[FORM_FILES];
	int files;
	const char *fault; /* code about files: form_file_fault; NULL */
	/* the file that is arriving */
	bool in_file, lost, crooked, chosen;
	struct digest *digest;
	char *chunk;
	size_t chunk_bytes;
	int32_t chunks;
	/* of the present question of its own */
	struct arena *arena;
	struct batch *batch;
	enum db_result result;
	/* attaching */
	int32_t org;
	struct uuid case_id;
	bool to_attach;
	int attaching;
	const struct rows *last, *list, *head;
	struct audit_mark mark;
	const struct problem *problem; /* to answer when everything is dropped */
};

/* The last thing of the first step: asks for the first piece, or passes over to
 * FORM_STEP_LOAD. */
const struct problem *form_open(struct exchange *x, struct portal_form *f);
extern step_fn form_take, form_taken;

/* A text, "" when it is not there. */
const char *form_text(const struct portal_form *f, const char *name);
bool form_has(const struct portal_form *f, const char *name);

/* Says what is wrong with the files, if anything is. */
void form_file_fault(const struct portal_form *f, struct faults *faults);

/* The files become files of the case. */
void form_attach_to(struct portal_form *f, int32_t org, const struct uuid *case_id);
extern step_fn form_attach_ask, form_attach_write, form_attach_written;
/* Whatever was not attached is dropped, then f->problem or the page's own last step. */
extern step_fn form_drop, form_dropped;
/* Goes there. */
const struct problem *form_give_up(struct exchange *x, const struct problem *problem);

#endif
