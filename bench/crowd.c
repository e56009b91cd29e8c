/* See crowd.h. */

#include "crowd.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include "delays.h"
#include "listener.h"

enum { MAX_LISTENERS = 65536 };
/* Listeners per source address; more would use up its ports. */
enum { LISTENERS_AN_ADDRESS = 5000, ADDRESSES = 200 };

static struct listener listeners[MAX_LISTENERS];
static int opened;         /* entries of `listeners` in use */
static uint64_t connected; /* total since the start */

static struct {
  int left, unanswered, begun, rate, stalls;
  uint64_t since_ns;
} coming;

void let_come(int count, int rate, int stalls) {
  coming.left = coming.unanswered = count;
  coming.begun = 0;
  coming.rate = rate;
  coming.stalls = stalls;
  coming.since_ns = now_ns();
}

void answered(void) {
  if (--coming.unanswered == 0) printf("ready\n");
}

static void open_one(void) {
  uint32_t from_host = INADDR_LOOPBACK + connected++ / LISTENERS_AN_ADDRESS % ADDRESSES;
  open_listener(&listeners[opened++], from_host, coming.stalls);
}

void open_those_due(void) {
  uint64_t due = (now_ns() - coming.since_ns) * coming.rate / 1000000000ull;
  for (; coming.left > 0 && (uint64_t)coming.begun < due && opened < MAX_LISTENERS; coming.begun++) {
    coming.left--;
    open_one();
  }
}

void let_leave(void) {
  for (int i = 0; i < opened; i++) close_listener(&listeners[i]);
  opened = 0;
  printf("left\n");
}

void restart_counts(void) {
  counts.since_ns = now_ns();
  counts.reads = counts.longest_gap_ns = counts.verdict.bytes = counts.verdict.frames = 0;
  forget_delays();
}

static int gets_something(const struct listener *one) { return one->state == HEAD || one->state == BODY; }

uint64_t longest_gap_so_far_ns(void) {
  uint64_t longest = counts.longest_gap_ns, at_ns = now_ns();
  for (int i = 0; i < opened; i++) {
    uint64_t gap_ns = gets_something(&listeners[i]) ? at_ns - waits_since_ns(&listeners[i]) : 0;
    if (gap_ns > longest) longest = gap_ns;
  }
  return longest;
}

void count_present(int *listening, int *stalled, int *unanswered) {
  *listening = *stalled = *unanswered = 0;
  for (int i = 0; i < opened; i++) {
    *unanswered += listeners[i].state <= WAITING;
    *listening += gets_something(&listeners[i]);
    *stalled += listeners[i].state == STALLED;
  }
}
