/* How long something took, as a histogram of microseconds whose steps are 1/64 of the value at most. */

#ifndef DELAYS_H
#define DELAYS_H

#include <stdint.h>

void forget_delays(void);
void add_delay(uint64_t us);
/* @return the delay in milliseconds that `part` of all (0 to 1) are not above; 0 when there are none. */
double delay_quantile_ms(double part);
double longest_delay_ms(void);

#endif
