/* Kernel cost of serving a stream: `floor TICK_MS COMMAND...` reads the stream from the command and sends the received bytes to
   each listener by one non-blocking send a tick, from an epoll loop that does nothing else. It ends when its standard input
   does. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { NS_PER_MS = 1000 * 1000, MS_PER_S = 1000, MAX_FD = 65536, MAX_EVENTS = 256, MAX_WAITING = 1 << 20 };

static const char HEAD[] = "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n";

static char streaming[MAX_FD]; /* indexed by descriptor */
static int highest = -1;
static unsigned char waiting[MAX_WAITING]; /* received since the last tick */
static size_t waiting_bytes;

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

/* Requests are not parsed: a client that sends anything is a listener, and leaves when its connection ends or breaks. */
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

/* @return the read end of a pipe to which a command writes. */
static int start(char **command) {
  int ends[2];
  check(pipe2(ends, O_CLOEXEC | O_NONBLOCK), "pipe2");
  pid_t child = fork();
  check(child, "fork");
  if (child == 0) {
    check(fcntl(ends[1], F_SETFL, 0), "fcntl");
    check(dup2(ends[1], STDOUT_FILENO), "dup2");
    check(execv(command[0], command), command[0]);
  }
  close(ends[1]);
  return ends[0];
}

static void read_source(int source) {
  ssize_t count = read(source, waiting + waiting_bytes, MAX_WAITING - waiting_bytes);
  if (count == 0) exit(1);
  if (count > 0) waiting_bytes += count;
}

static void tick(int timer) {
  uint64_t due;
  if (read(timer, &due, sizeof due) != sizeof due || waiting_bytes == 0) return;
  for (int fd = 0; fd <= highest; fd++)
    if (streaming[fd]) send(fd, waiting, waiting_bytes, MSG_NOSIGNAL);
  waiting_bytes = 0;
}

static struct timespec milliseconds(int ms) {
  return (struct timespec){.tv_sec = ms / MS_PER_S, .tv_nsec = (long)(ms % MS_PER_S) * NS_PER_MS};
}

int main(int argc, char **argv) {
  struct epoll_event events[MAX_EVENTS];
  if (argc < 3) return 2;
  struct itimerspec interval = {milliseconds(atoi(argv[1])), milliseconds(atoi(argv[1]))};
  int poll = epoll_create1(0);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  check(poll, "epoll_create1");
  check(timer, "timerfd_create");
  check(timerfd_settime(timer, 0, &interval, NULL), "timerfd_settime");
  int listener = listen_somewhere();
  watch(poll, listener);
  int source = start(argv + 2);
  watch(poll, source);
  watch(poll, timer);
  watch(poll, STDIN_FILENO);

  for (;;) {
    int count = epoll_wait(poll, events, MAX_EVENTS, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd == timer) tick(timer);
      else if (fd == source) read_source(source);
      else if (fd == listener) accept_all(poll, listener);
      else read_from(fd);
    }
  }
}
