/* Many listeners in one process that needs less CPU than the server: `listeners PORT PATH frames|cut|zeros STREAMS one-by-one|in-turns`.
   It reads commands from standard input and answers on standard output; load.ts documents all of it. It ends when its standard
   input does. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "delays.h"
#include "listener.h"
#include "load.h"

/* TICK_NS is the interval between checks for listeners that are due to connect. */
enum { TICK_NS = 5 * 1000 * 1000, MAX_EVENTS = 512, NS_PER_MS = 1000 * 1000 };

/* Interval at which listeners poll for bytes, so that they need not be woken at each write. */
static struct timespec poll_interval;

static long long cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000ll + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void report(void) {
  struct present present = count_present();
  printf("{\"listeners\":%d,\"stalled\":%d,", present.listening, present.stalled);
  printf("\"unanswered\":%d,\"connections\":%lu,", present.unanswered, connections());
  printf("\"refused\":%lu,\"ended\":%lu,\"reads\":%lu,", counts.refused, counts.ended, counts.reads);
  printf("\"bytes\":%lu,\"frames\":%lu,", counts.verdict.bytes, counts.verdict.frames);
  printf("\"skipped\":%lu,\"corrupt\":%lu,", counts.verdict.skipped, counts.verdict.corrupt);
  printf("\"longestGapMs\":%.3f,", longest_gap_so_far_ns() / 1e6);
  printf("\"delayMs\":{\"p50\":%.3f,\"p99\":%.3f,", delay_quantile_ms(0.5), delay_quantile_ms(0.99));
  printf("\"p999\":%.3f,\"max\":%.3f},", delay_quantile_ms(0.999), longest_delay_ms());
  printf("\"cpuUs\":%lld}\n", cpu_us());
}

static void run_command(const char *line) {
  int count, rate, ms;
  if (sscanf(line, "open %d %d", &count, &rate) == 2) connect_listeners(count, rate, 0);
  else if (sscanf(line, "stall %d %d", &count, &rate) == 2) connect_listeners(count, rate, 1);
  else if (sscanf(line, "visit %d", &rate) == 1) connect_visitors(rate);
  else if (sscanf(line, "poll %d", &ms) == 1) poll_interval.tv_nsec = (long)ms * NS_PER_MS;
  else if (strcmp(line, "restart\n") == 0) restart_counts();
  else if (strcmp(line, "report\n") == 0) report();
  else if (strcmp(line, "leave\n") == 0) disconnect_all();
}

static void allow_many_files(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

static void watch(int poller, int fd, void *owner) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = owner};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) == 0) return;
  perror("epoll_ctl");
  exit(1);
}

static int start_timer(void) {
  struct itimerspec tick = {{0, TICK_NS}, {0, TICK_NS}};
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  timerfd_settime(timer, 0, &tick, NULL);
  return timer;
}

static enum content content_named(const char *name) {
  return strcmp(name, "zeros") == 0 ? ZEROS : strcmp(name, "cut") == 0 ? CUT_FRAMES : FRAMES;
}

int main(int argc, char **argv) {
  struct epoll_event events[MAX_EVENTS];
  uint64_t expirations;
  char line[256];
  if (argc != 6) return 2;
  int poller = epoll_create1(0), timer = start_timer();
  allow_many_files();
  setvbuf(stdout, NULL, _IOLBF, 0);
  /* epoll cannot report lines that stdio has buffered. */
  setvbuf(stdin, NULL, _IONBF, 0);
  begin_listeners(poller, atoi(argv[1]), argv[2], content_named(argv[3]));
  choose_streams(atoi(argv[4]), strcmp(argv[5], "in-turns") == 0);
  restart_counts();
  watch(poller, STDIN_FILENO, line);
  watch(poller, timer, &timer);
  for (int count = 0;;) {
    int is_tick = 0;
    /* A full array: there may be more events, which must not wait. */
    if (poll_interval.tv_nsec > 0 && count < MAX_EVENTS) nanosleep(&poll_interval, NULL);
    count = epoll_wait(poller, events, MAX_EVENTS, -1);
    for (int i = 0; i < count; i++) {
      void *owner = events[i].data.ptr;
      if (owner == line && fgets(line, sizeof line, stdin) == NULL) return 0;
      if (owner == line) run_command(line);
      else if (owner != &timer) handle(owner, events[i].events);
      else is_tick = read(timer, &expirations, sizeof expirations) > 0;
    }
    if (is_tick) run_due();
  }
}
