/* Checks that a listener receives every frame of the stream of frames.ts: whole, in order, none skipped. */

#ifndef FRAME_CHECK_H
#define FRAME_CHECK_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_BYTES = 384 };

/* Position of one listener in the stream. */
struct check {
  int64_t next;  /* number of the next frame; -1: any */
  int filled;    /* bytes in `partial` */
  int searching; /* true: not at the beginning of a frame */
  uint8_t partial[FRAME_BYTES];
};

/* Totals of all listeners. */
struct verdict {
  uint64_t bytes; /* of frames that were whole and in their place */
  uint64_t frames, skipped, corrupt;
};

/* @param cut true: the stream may begin in the middle of a frame, as Icecast's does. */
void check_start(struct check *check, int cut);

/* Checks the next bytes of one listener, received at `now_ns`, and adds to `verdict`. */
void check_bytes(struct check *check, const uint8_t *bytes, size_t count, uint64_t now_ns, struct verdict *verdict);

/* Called by check_bytes for each whole frame, with the time at which it was written to the pipe. */
extern void frame_came(uint64_t written_ns, uint64_t now_ns);

#endif
