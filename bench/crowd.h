/* Many listeners of one server that connect and disconnect together. */

#ifndef CROWD_H
#define CROWD_H

#include <stdint.h>

/* Connects `count` more listeners, `rate` per second, and prints `ready` when each has received bytes or failed. */
void let_come(int count, int rate, int stalls);
/* To be called frequently. */
void open_those_due(void);
/* Disconnects all at once; prints `left`. */
void let_leave(void);
void restart_counts(void);
/* Includes waits that have not ended. */
uint64_t longest_gap_so_far_ns(void);
/* Counts listeners that receive, that do not read, and that have not received anything yet. */
void count_present(int *listening, int *stalled, int *unanswered);

#endif
