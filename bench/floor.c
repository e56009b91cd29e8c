/* What serving a stream costs the kernel: one non-blocking send of the same bytes to each listener every 100 ms, from an
 * epoll loop that does nothing else. The frames are those of frames.ts. It ends when its standard input does. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { FRAME_BYTES = 320, FRAMES_A_TICK = 5, TICK_NS = 100 * 1000 * 1000, MAX_FD = 65536, MAX_EVENTS = 256 };

static const char HEAD[] = "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n";

static char streaming[MAX_FD]; /* by descriptor */
static int highest = -1;
static uint32_t sequence;

static void check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
}

static void watch(int poll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  check(epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static int listen_somewhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  check(fd, "socket");
  check(bind(fd, (struct sockaddr *)&address, length), "bind");
  check(listen(fd, 4096), "listen");
  check(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
  printf("listening address=http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void accept_all(int poll, int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    if (fd >= MAX_FD) close(fd);
    else watch(poll, fd);
  }
}

/* The request is not looked at: whoever sends anything listens, whoever ends or breaks has left. */
static void read_from(int fd) {
  char request[4096];
  if (recv(fd, request, sizeof request, 0) <= 0) {
    streaming[fd] = 0;
    close(fd);
  } else if (!streaming[fd]) {
    streaming[fd] = send(fd, HEAD, sizeof HEAD - 1, MSG_NOSIGNAL) > 0;
    if (fd > highest) highest = fd;
  }
}

static void make_frames(unsigned char *bytes) {
  for (int i = 0; i < FRAMES_A_TICK; i++, sequence++, bytes += FRAME_BYTES) {
    uint32_t start[2] = {htonl(0x5afef00d), htonl(sequence)};
    memset(bytes, sequence & 0xff, FRAME_BYTES);
    memcpy(bytes, start, sizeof start);
  }
}

static void tick(int timer) {
  unsigned char bytes[FRAME_BYTES * FRAMES_A_TICK];
  uint64_t due;
  if (read(timer, &due, sizeof due) != sizeof due) return;
  for (; due > 0; due--) {
    make_frames(bytes);
    for (int fd = 0; fd <= highest; fd++)
      if (streaming[fd]) send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
  }
}

int main(void) {
  struct itimerspec interval = {{0, TICK_NS}, {0, TICK_NS}};
  struct epoll_event events[MAX_EVENTS];
  int poll = epoll_create1(0);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  check(poll, "epoll_create1");
  check(timer, "timerfd_create");
  check(timerfd_settime(timer, 0, &interval, NULL), "timerfd_settime");
  int listener = listen_somewhere();
  watch(poll, listener);
  watch(poll, timer);
  watch(poll, STDIN_FILENO);

  for (;;) {
    int count = epoll_wait(poll, events, MAX_EVENTS, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd == timer) tick(timer);
      else if (fd == listener) accept_all(poll, listener);
      else read_from(fd);
    }
  }
}
