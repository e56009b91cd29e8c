/* One listener, as listener.ts has it in Node. */

#ifndef LISTENER_H
#define LISTENER_H

#include <stdint.h>
#include "frame-check.h"

/* What all of them are sent. */
enum content {
  FRAMES,     /* the stream of frames.ts, from the beginning of a frame on */
  CUT_FRAMES, /* the same from anywhere */
  ZEROS
};

struct listener {
  enum { CONNECTING, WAITING, HEAD, BODY, STALLED, GONE } state;
  int fd, stalls;
  int head_matched; /* so much of the blank line behind the head has come */
  uint64_t last_ns; /* when bytes came last */
  struct check check;
};

/* Of all listeners together. The last four, and the bytes and frames of the verdict, are since counting began. */
struct counts {
  uint64_t refused, ended;
  struct verdict verdict;
  uint64_t reads, longest_gap_ns, since_ns;
};

extern struct counts counts;

uint64_t now_ns(void);
/* @param poller the epoll that tells of all of them. */
void begin_listeners(int poller, int port, const char *path, enum content content);
/* Begins to connect, from an address of this machine. @param stalls it asks, and takes nothing. */
void open_listener(struct listener *listener, uint32_t from_host, int stalls);
/* What epoll says of it. */
void handle(struct listener *listener, uint32_t events);
void close_listener(struct listener *listener);
/* Since when it waits for bytes, as far as it counts. */
uint64_t waits_since_ns(const struct listener *listener);

/* Called when one has got its first bytes, or will not; of those who stall, when they have asked. */
extern void answered(void);

#endif
