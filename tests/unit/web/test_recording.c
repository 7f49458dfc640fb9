/* Recordings: what is in the file, also after floods, restarts and torn lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "web/server/recording.h"
#include <cmocka.h>
#include <stdio.h>
#include <sys/stat.h>

#define T0 begun_ms

static int64_t begun_ms; /* the tests begin now, as recordings do */

struct kit {
	struct recorder *recorder;
	char dir[64], path[80];
};

static void kit_open(struct kit *k)
{
	struct err err;
	snprintf(k->dir, sizeof k->dir, "/tmp/assay-recording-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	snprintf(k->path, sizeof k->path, "%s/1.cast", k->dir);
	assert_true(recorder_create(&k->recorder, &err));
}

static void kit_close(struct kit *k)
{
	recorder_destroy(k->recorder);
	unlink(k->path);
	assert_int_equal(rmdir(k->dir), 0);
}

/* The file's lines, each valid JSON; the text of all "o" events goes to *text, of "m" events to *marks. */
static int read_cast(struct kit *k, struct buf *text, struct buf *marks, double *ret_last)
{
	_cleanup_buf_ struct buf file = BUF(64 << 20);
	struct err err;
	int n = 0;
	double last = 0;
	recorder_wait(k->recorder);
	assert_true(file_read(k->path, 64 << 20, &file, &err));
	assert_true(file.len <= RECORDING_SIZE_MAX);
	struct str rest = buf_str(&file), line;
	assert_int_equal(rest.p[rest.len - 1], '\n');
	for (; str_next_line(&rest, &line) && line.len; n++) {
		_cleanup_json_ cJSON *tree = NULL;
		if (!json_parse(line, &tree, &err))
			fail_msg("line %d: %s", n + 1, err.msg);
		if (n == 0) {
			assert_int_equal(cJSON_GetObjectItem(tree, "version")->valueint, 2);
			assert_int_equal(cJSON_GetObjectItem(tree, "width")->valueint, 80);
			assert_int_equal(cJSON_GetObjectItem(tree, "height")->valueint, 24);
			continue;
		}
		assert_int_equal(cJSON_GetArraySize(tree), 3);
		double at = cJSON_GetArrayItem(tree, 0)->valuedouble;
		assert_true(at >= last);
		last = at;
		const char *kind = cJSON_GetArrayItem(tree, 1)->valuestring;
		buf_adds(*kind == 'o' ? text : marks, cJSON_GetArrayItem(tree, 2)->valuestring);
	}
	if (ret_last)
		*ret_last = last;
	return n;
}

static void test_events(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	_cleanup_buf_ struct buf text = BUF(1 << 20), marks = BUF(1000);
	double last;
	struct recording *rec = recording_open(k.recorder, k.path, 24, 80);
	recording_output(rec, T0, "one \xe2\x82", 6); /* the euro sign comes in two pieces */
	recording_flush(rec);
	recording_output(rec, T0 + 1500, "\xac \xff\xc3", 4);
	recording_resize(rec, T0 + 2000, 30, 100);
	recording_output(rec, T0 + 3000, "(\x1b[0m\0\"\\\r\n", 10);
	recording_close(rec);
	read_cast(&k, &text, &marks, &last);
	assert_string_equal(text.p, "one \xe2\x82\xac \xef\xbf\xbd\xef\xbf\xbd(\x1b[0m\"\\\r\n");
	assert_string_equal(marks.p, "100x30");
	assert_true(last > 2.9);
	struct stat st;
	assert_int_equal(stat(k.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	kit_close(&k);
}

static void test_close_events_are_one(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	_cleanup_buf_ struct buf text = BUF(1 << 20), marks = BUF(1000);
	struct recording *rec = recording_open(k.recorder, k.path, 24, 80);
	for (int i = 0; i < 100; i++)
		recording_output(rec, T0 + i / 50, "x", 1);
	recording_close(rec);
	assert_int_equal(read_cast(&k, &text, &marks, NULL), 2);
	assert_int_equal(text.len, 100);
	kit_close(&k);
}

/* A server that died in the middle of a line; the next one goes on, and time does not run backwards. */
static void test_goes_on(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	_cleanup_buf_ struct buf text = BUF(1 << 20), marks = BUF(1000), tail = BUF(10);
	struct recording *rec = recording_open(k.recorder, k.path, 24, 80);
	recording_output(rec, T0, "be", 2);
	recording_output(rec, T0 + 60000, "fore", 4);
	recording_close(rec);
	recorder_wait(k.recorder);
	FILE *f = fopen(k.path, "a");
	fputs("[61.5,\"o\",\"to", f);
	fclose(f);
	rec = recording_open(k.recorder, k.path, 50, 132);
	recording_output(rec, T0, " and after", 10);
	recording_close(rec);
	double last;
	read_cast(&k, &text, &marks, &last);
	assert_string_equal(text.p, "before and after");
	assert_true(last >= 60);
	recording_tail(k.path, &tail);
	assert_string_equal(tail.p, " and after");
	kit_close(&k);
}

static void test_not_a_recording(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	FILE *f = fopen(k.path, "w");
	fputs("something else\n", f);
	fclose(f);
	struct recording *rec = recording_open(k.recorder, k.path, 24, 80);
	recording_output(rec, T0, "x", 1);
	recording_close(rec);
	recorder_wait(k.recorder);
	_cleanup_buf_ struct buf file = BUF(100), tail = BUF(100);
	struct err err;
	assert_true(file_read(k.path, 100, &file, &err));
	assert_string_equal(file.p, "something else\n");
	recording_tail(k.path, &tail);
	assert_int_equal(tail.len, 0);
	kit_close(&k);
}

/* A flood is left out and counted; what comes after it is there. */
static void test_flood(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	_cleanup_buf_ struct buf text = BUF(8 << 20), marks = BUF(1000);
	static char block[16384];
	memset(block, 'y', sizeof block);
	struct recording *rec = recording_open(k.recorder, k.path, 24, 80);
	for (int i = 0; i < 3000; i++) {
		recording_output(rec, T0 + i, block, sizeof block);
		if (i % 64 == 0)
			recorder_wait(k.recorder);
	}
	recording_output(rec, T0 + 600000, "after", 5);
	recording_close(rec);
	read_cast(&k, &text, &marks, NULL);
	assert_true(text.len > 1000000 && text.len < 1200000);
	assert_string_equal(text.p + text.len - 5, "after");
	char wanted[100];
	snprintf(wanted, sizeof wanted, "%zu bytes that went by too fast are left out", 3000 * sizeof block + 5 - text.len);
	assert_string_equal(marks.p, wanted);
	kit_close(&k);
}

static void test_ceiling(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	_cleanup_buf_ struct buf text = BUF(64 << 20), marks = BUF(1000);
	static char block[16384]; /* control characters: six bytes each in JSON */
	memset(block, 1, sizeof block);
	struct recording *rec = recording_open(k.recorder, k.path, 24, 80);
	for (int i = 0; i < 1000; i++) {
		recording_output(rec, T0 + i * INT64_C(10000), block, sizeof block);
		recorder_wait(k.recorder);
	}
	recording_close(rec);
	read_cast(&k, &text, &marks, NULL);
	assert_non_null(strstr(marks.p, "size limit"));
	assert_null(strstr(strstr(marks.p, "size limit") + 1, "size limit"));
	kit_close(&k);
}

int main(void)
{
	begun_ms = clock_wall_ms();
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_events),  cmocka_unit_test(test_close_events_are_one),
	    cmocka_unit_test(test_goes_on), cmocka_unit_test(test_not_a_recording),
	    cmocka_unit_test(test_flood),   cmocka_unit_test(test_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
