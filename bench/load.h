/* All listeners of the process: they connect, stay or leave, and disconnect together. */

#ifndef LOAD_H
#define LOAD_H

#include <stdint.h>

/* Listeners at this moment. */
struct present {
  int listening;  /* have received bytes */
  int stalled;    /* never read */
  int unanswered; /* have not received anything yet */
};

/* Lets listeners request streams by number. @param in_turns listeners that are connected together change the stream each time;
   false: those of each stream connect one after the other. @param streams 0: there is one, without a number. */
void choose_streams(int streams, int in_turns);
/* Connects `count` more listeners, `rate` per second, and prints `ready` when each has received bytes or failed. */
void connect_listeners(int count, int rate, int stalls);
/* Connects `rate` visitors per second from now on; each stays for 0.5 to 1.5 s. 0 stops it. */
void connect_visitors(int rate);
/* Connects and disconnects listeners that are due. To be called frequently, but not while epoll events are handled: a listener's
   slot is used again, and an event of the previous one must not reach it. */
void run_due(void);
/* Disconnects all at once, and prints `left`. */
void disconnect_all(void);
void restart_counts(void);
/* Includes waits that have not ended. */
uint64_t longest_gap_so_far_ns(void);
struct present count_present(void);
/* Number of connections since the start. */
uint64_t connections(void);

#endif
