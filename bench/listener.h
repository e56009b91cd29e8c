/* One listener: requests the stream and checks every byte. */

#ifndef LISTENER_H
#define LISTENER_H

#include <stdint.h>
#include "frame-check.h"

/* Content of the stream. */
enum content {
  FRAMES,     /* the stream of frames.ts, from the beginning of a frame on */
  CUT_FRAMES, /* the same from anywhere */
  ZEROS
};

struct listener {
  enum { CONNECTING, WAITING, HEAD, BODY, STALLED, GONE } state;
  int fd, stalls, stream;
  int head_matched; /* matched bytes of the blank line that ends the head */
  uint64_t last_ns;   /* time of the last read */
  uint64_t leaves_ns; /* time at which this visitor disconnects; 0: it stays */
  struct check check;
};

/* Totals of all listeners. The last four, and the bytes and frames of the verdict, are since counting began. */
struct counts {
  uint64_t refused, ended;
  struct verdict verdict;
  uint64_t reads, longest_gap_ns, since_ns;
};

extern struct counts counts;

uint64_t now_ns(void);
/* @param poller the epoll that watches all listeners. */
void begin_listeners(int poller, int port, const char *path, enum content content);
/* Settings of a listener. */
struct settings {
  uint32_t from_host; /* local address */
  int stalls;         /* it sends its request and never reads */
  int stream;         /* number that is appended to the path; -1: none */
  uint64_t leaves_ns; /* time at which this visitor disconnects; 0: it stays */
};

/* Begins to connect. */
void open_listener(struct listener *listener, struct settings settings);
/* Handles its epoll events. */
void handle(struct listener *listener, uint32_t events);
void close_listener(struct listener *listener);
/* Time since which it waits for bytes, within the counted period. */
uint64_t waits_since_ns(const struct listener *listener);

/* Called when a listener has received its first bytes, or has failed; a stalled one, when it has sent its request. */
extern void answered(const struct listener *listener);

#endif
