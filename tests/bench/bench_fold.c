/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * tests/bench/fold: how many cases of ten events with two consultations one core folds in a
 * second (the law alone: no bytes are read, nothing is written). Prints the medians of some
 * rounds: "folds_per_second ns_per_fold".
 *
 * usage: bench_fold [ROUNDS]
 */
#include "../unit/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FOLDS = 200000, ROUNDS_MOST = 99, EVENTS = 10 };

/* Ten days of work on a request, two of them questions to others that overlap. */
static void tell(
	struct story *s, enum ogi_event_kind kind, const char *on, const char *const *field)
{
	struct ogi_event e = story_event(kind, on);
	for (; field[0] != NULL; field += 2)
		story_field(&e, field[0], field[1]);
	if (story_tell(s, &e) != OGI_OK) {
		fprintf(stderr, "bench_fold: %s was refused\n", ogi_event_kinds[kind].code);
		exit(1);
	}
}

static void tell_all(struct story *s)
{
	static const char *const third[] = { "party", "third_party", "name", "某公司",
		"received_on", "2025-04-24", NULL };
	static const char *const agency[] = { "party", "other_agency", "name", "某局", NULL };
	static const char *const first_in[] = { "consultation", "1", "opinion", "agree", NULL };
	static const char *const second_in[] = { "consultation", "2", "opinion", "agree",
		NULL };
	static const char *const longer[] = { "workdays", "20", "approved_by", "head", NULL };
	static const char *const passed[] = { "decision", "passed", NULL };
	static const char *const granted[] = { "outcome", "grant", "variant", "grant.provided",
		NULL };
	static const char *const posted[] = { "by", "post", NULL };
	static const char *const to[] = { "to", "handler", NULL };

	story_begin(s, "2025-12-31");
	if (story_receive(s, "2025-04-21") != OGI_OK)
		exit(1);
	tell(s, OGI_ASSIGNED, "2025-04-21", to);
	tell(s, OGI_CONSULTATION_OPENED, "2025-04-23", third);
	tell(s, OGI_CONSULTATION_OPENED, "2025-04-25", agency);
	tell(s, OGI_CONSULTATION_CLOSED, "2025-05-08", first_in);
	tell(s, OGI_CONSULTATION_CLOSED, "2025-05-12", second_in);
	tell(s, OGI_EXTENDED, "2025-05-20", longer);
	tell(s, OGI_REVIEWED, "2025-06-10", passed);
	tell(s, OGI_DECIDED, "2025-06-12", granted);
	tell(s, OGI_SERVED, "2025-06-13", posted);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	static struct story s;
	static struct ogi_case c;
	double took[ROUNDS_MOST];
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 5;
	int32_t sum = 0;

	if (rounds < 1 || rounds > ROUNDS_MOST)
		return 2;
	workdays_load(&s.days);
	tell_all(&s);
	if (s.count != EVENTS || s.c.consultations != 2)
		return 1;
	struct ogi_history h = story_history(&s);
	for (int i = 0; i < rounds; i++) {
		double begun = now();
		for (int n = 0; n < FOLDS; n++) {
			ogi_case_fold(&h, &s.rules, &c);
			sum += c.due_on.day;
		}
		took[i] = now() - begun;
	}
	if (sum == 0) /* the folds are not thrown away */
		return 1;
	qsort(took, (size_t)rounds, sizeof *took, compare);
	double each = took[rounds / 2] / FOLDS;
	printf("%.0f %.0f\n", 1 / each, each * 1e9);
	return 0;
}
