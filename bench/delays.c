/* See delays.h. */

#include "delays.h"
#include <string.h>

/* STEPS is the number of steps of each power of two from 128 us on; the last step is beyond an hour. */
enum { STEPS = 64, SLOTS = STEPS * 28 };

static uint64_t slots[SLOTS], count, longest_us;

void forget_delays(void) {
  memset(slots, 0, sizeof slots);
  count = longest_us = 0;
}

void add_delay(uint64_t us) {
  int shift = us < 2 * STEPS ? 0 : 57 - __builtin_clzll(us);
  uint64_t slot = shift * STEPS + (us >> shift);
  slots[slot < SLOTS ? slot : SLOTS - 1]++;
  count++;
  if (us > longest_us) longest_us = us;
}

double delay_quantile_ms(double part) {
  uint64_t seen = 0, wanted = count * part;
  for (int slot = 0; slot < SLOTS; slot++) {
    int shift = slot < 2 * STEPS ? 0 : slot / STEPS - 1;
    seen += slots[slot];
    if (seen > 0 && seen >= wanted) return ((uint64_t)(slot - shift * STEPS) << shift) / 1e3;
  }
  return 0;
}

double longest_delay_ms(void) { return longest_us / 1e3; }
