/* Many listeners of one server, who come and go together. */

#ifndef CROWD_H
#define CROWD_H

#include <stdint.h>

/* Lets `count` more come, `rate` a second, and says `ready` when each has got something or failed. */
void let_come(int count, int rate, int stalls);
/* To be called often. */
void open_those_due(void);
/* All go at once; says `left`. */
void let_leave(void);
void restart_counts(void);
/* Takes waits that have not ended into account. */
uint64_t longest_gap_so_far_ns(void);
/* Those who get something, who take nothing, and who have not got anything yet. */
void count_present(int *listening, int *stalled, int *unanswered);

#endif
