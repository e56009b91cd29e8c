/* Histogram of durations in microseconds, whose steps are at most 1/64 of the value. */

#ifndef DELAYS_H
#define DELAYS_H

#include <stdint.h>

void forget_delays(void);
void add_delay(uint64_t us);
/* @return the quantile `part` (0 to 1) of all delays, in milliseconds; 0 when there are none. */
double delay_quantile_ms(double part);
double longest_delay_ms(void);

#endif
