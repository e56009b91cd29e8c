/* See load.h. */

#include "load.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include "delays.h"
#include "listener.h"

enum { MAX_LISTENERS = 65536 };
/* Listeners per source address; more would use up its ports. */
enum { LISTENERS_AN_ADDRESS = 5000, ADDRESSES = 200 };
enum { SHORTEST_VISIT_MS = 500, LONGEST_VISIT_MS = 1500 };

static const uint64_t NS_PER_S = 1000000000ull, NS_PER_MS = 1000000ull;

static struct listener listeners[MAX_LISTENERS];
static int used;                      /* entries of `listeners` in use, those of former visitors included */
static int vacant[MAX_LISTENERS];     /* indexes of entries of former visitors */
static int vacant_count;
static int visiting;                  /* visitors that have not left yet */
static uint64_t connected;            /* total since the start */

/* Listeners that are to connect at a rate. */
struct arrivals {
  int rate;
  uint64_t since_ns, begun;
};

static struct {
  struct arrivals arrivals;
  int count, left, unanswered, stalls;
} pending;

static struct arrivals visitors;

static struct {
  int streams, in_turns;
} chosen;

void choose_streams(int streams, int in_turns) {
  chosen.streams = streams;
  chosen.in_turns = in_turns;
}

void connect_listeners(int count, int rate, int stalls) {
  pending.count = pending.left = pending.unanswered = count;
  pending.stalls = stalls;
  pending.arrivals = (struct arrivals){.rate = rate, .since_ns = now_ns()};
}

void connect_visitors(int rate) { visitors = (struct arrivals){.rate = rate, .since_ns = now_ns()}; }

void answered(const struct listener *listener) {
  if (listener->leaves_ns == 0 && --pending.unanswered == 0) printf("ready\n");
}

/* The stream of the listener `index` of `count`. */
static int stream_of(uint64_t index, int count) {
  if (chosen.streams == 0) return -1;
  return chosen.in_turns ? index % chosen.streams : index * chosen.streams / count;
}

/* @param leaves_ns 0: never. */
static void open_one(int stalls, int stream, uint64_t leaves_ns) {
  uint32_t from_host = INADDR_LOOPBACK + connected++ / LISTENERS_AN_ADDRESS % ADDRESSES;
  int slot = vacant_count > 0 ? vacant[--vacant_count] : used++;
  open_listener(&listeners[slot], (struct settings){from_host, stalls, stream, leaves_ns});
}

static int is_due(const struct arrivals *arrivals, uint64_t at_ns) {
  int has_room = vacant_count > 0 || used < MAX_LISTENERS;
  return has_room && arrivals->begun < (at_ns - arrivals->since_ns) * arrivals->rate / NS_PER_S;
}

static uint64_t random_stay_ns(void) {
  return (SHORTEST_VISIT_MS + rand() % (LONGEST_VISIT_MS - SHORTEST_VISIT_MS)) * NS_PER_MS;
}

/* Visitors that have received nothing until they leave count as refused. */
static void disconnect_visitors(uint64_t at_ns) {
  for (int i = 0; visiting > 0 && i < used; i++) {
    struct listener *one = &listeners[i];
    if (one->leaves_ns == 0 || one->leaves_ns > at_ns) continue;
    counts.refused += one->state <= WAITING;
    close_listener(one);
    one->leaves_ns = 0;
    vacant[vacant_count++] = i;
    visiting--;
  }
}

void run_due(void) {
  uint64_t at_ns = now_ns();
  disconnect_visitors(at_ns);
  for (; pending.left > 0 && is_due(&pending.arrivals, at_ns); pending.arrivals.begun++) {
    pending.left--;
    open_one(pending.stalls, stream_of(pending.arrivals.begun, pending.count), 0);
  }
  for (; is_due(&visitors, at_ns); visitors.begun++) {
    visiting++;
    open_one(0, stream_of(0, 1), at_ns + random_stay_ns());
  }
}

void disconnect_all(void) {
  for (int i = 0; i < used; i++) close_listener(&listeners[i]);
  used = vacant_count = visiting = visitors.rate = 0;
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
  for (int i = 0; i < used; i++) {
    uint64_t gap_ns = gets_something(&listeners[i]) ? at_ns - waits_since_ns(&listeners[i]) : 0;
    if (gap_ns > longest) longest = gap_ns;
  }
  return longest;
}

struct present count_present(void) {
  struct present present = {0};
  for (int i = 0; i < used; i++) {
    present.unanswered += listeners[i].state <= WAITING;
    present.listening += gets_something(&listeners[i]);
    present.stalled += listeners[i].state == STALLED;
  }
  return present;
}

uint64_t connections(void) { return connected; }
