/* See frame-check.h. The first copy of a frame is compared byte by byte with what frames.ts must have written; the copies of
   all other listeners are compared with the first, time stamp included. */

#include "frame-check.h"
#include <endian.h>
#include <string.h>

enum { MARK_AT = 36, NUMBER_AT = 40, STAMP_AT = 44, FILLER_AT = 52, KNOWN = 8192 };

static const uint8_t HEADER[] = {0xff, 0xfb, 0x94, 0x04}, MARK[] = {0x5a, 0xfe, 0xf0, 0x0d};

/* The last frames that were found to be right, indexed by the low bits of their numbers. */
static struct {
  int64_t number;
  uint8_t bytes[FRAME_BYTES];
} known[KNOWN];

static void make_frame(uint8_t *to, uint32_t number, const uint8_t *stamp) {
  uint32_t big_endian = htobe32(number);
  memset(to, 0, MARK_AT);
  memset(to + FILLER_AT, number & 0x7f, FRAME_BYTES - FILLER_AT);
  memcpy(to, HEADER, sizeof HEADER);
  memcpy(to + MARK_AT, MARK, sizeof MARK);
  memcpy(to + NUMBER_AT, &big_endian, sizeof big_endian);
  memcpy(to + STAMP_AT, stamp, FILLER_AT - STAMP_AT);
}

static int64_t number_of(const uint8_t *frame) {
  uint32_t number;
  memcpy(&number, frame + NUMBER_AT, sizeof number);
  return be32toh(number);
}

static uint64_t stamp_of(const uint8_t *frame) {
  uint64_t stamp;
  memcpy(&stamp, frame + STAMP_AT, sizeof stamp);
  return be64toh(stamp);
}

static int is_right(const uint8_t *frame, int64_t number) {
  uint8_t right[FRAME_BYTES];
  /* An empty slot has the number 0, too, so the very first frame is always generated. */
  if (number > 0 && known[number % KNOWN].number == number)
    return memcmp(known[number % KNOWN].bytes, frame, FRAME_BYTES) == 0;
  make_frame(right, number, frame + STAMP_AT);
  if (memcmp(right, frame, FRAME_BYTES) != 0) return 0;
  if (number > known[number % KNOWN].number) {
    known[number % KNOWN].number = number;
    memcpy(known[number % KNOWN].bytes, right, FRAME_BYTES);
  }
  return 1;
}

/* @return whether it is a frame of the stream. */
static int judge(struct check *check, const uint8_t *frame, uint64_t now_ns, struct verdict *verdict) {
  int64_t number = number_of(frame);
  if (!is_right(frame, number)) return 0;
  check->searching = 0;
  if (number < check->next) {
    verdict->corrupt++;
    return 1;
  }
  frame_came(stamp_of(frame), now_ns);
  if (check->next >= 0) verdict->skipped += number - check->next;
  check->next = number + 1;
  verdict->frames++;
  verdict->bytes += FRAME_BYTES;
  return 1;
}

/* The collected bytes are not a frame, at least not from their first byte on. */
static void move_on(struct check *check, struct verdict *verdict) {
  const uint8_t *start = memchr(check->partial + 1, HEADER[0], FRAME_BYTES - 1);
  if (!check->searching) verdict->corrupt++;
  check->searching = 1;
  check->filled = start == NULL ? 0 : check->partial + FRAME_BYTES - start;
  if (start != NULL) memmove(check->partial, start, check->filled);
}

/* Collects bytes of a frame that spans chunks. @return the number of bytes used. */
static size_t collect(struct check *check, const uint8_t *bytes, size_t count, uint64_t now_ns,
                      struct verdict *verdict) {
  size_t missing = FRAME_BYTES - check->filled;
  size_t taken = missing < count ? missing : count;
  memcpy(check->partial + check->filled, bytes, taken);
  check->filled += taken;
  if (check->filled < FRAME_BYTES) return taken;
  if (judge(check, check->partial, now_ns, verdict)) check->filled = 0;
  else move_on(check, verdict);
  return taken;
}

void check_start(struct check *check, int cut) {
  check->next = -1;
  check->filled = 0;
  check->searching = cut;
}

void check_bytes(struct check *check, const uint8_t *bytes, size_t count, uint64_t now_ns, struct verdict *verdict) {
  while (count > 0) {
    int whole = check->filled == 0 && count >= FRAME_BYTES && judge(check, bytes, now_ns, verdict);
    size_t taken = whole ? FRAME_BYTES : collect(check, bytes, count, now_ns, verdict);
    bytes += taken;
    count -= taken;
  }
}
