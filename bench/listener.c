/* See listener.h. */

#define _GNU_SOURCE
#include "listener.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "delays.h"

enum { READ_BYTES = 1 << 16, STALLED_BUFFER = 4096, BLANK_LINE = 4 };

struct counts counts;

static int poller, port;
static enum content content;
static const char *path;
static uint8_t buffer[READ_BYTES], zero[READ_BYTES];

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

void begin_listeners(int of_poller, int to_port, const char *of_path, enum content of_content) {
  poller = of_poller;
  port = to_port;
  path = of_path;
  content = of_content;
}

void frame_came(uint64_t written_ns, uint64_t at_ns) {
  if (at_ns >= written_ns) add_delay((at_ns - written_ns) / 1000);
}

static void watch(struct listener *one, int operation, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = one};
  if (epoll_ctl(poller, operation, one->fd, &event) < 0) perror("epoll_ctl");
}

void close_listener(struct listener *one) {
  if (one->state != GONE) close(one->fd);
  one->state = GONE;
}

/* Prints why the first listener was refused. */
static void report_refusal(const struct listener *one, int error) {
  socklen_t length = sizeof error;
  if (error == 0) getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (counts.refused == 0) fprintf(stderr, "a listener was refused: %s\n", strerror(error));
}

/* @param error the reason, if known. */
static void fail(struct listener *one, int error) {
  int was_answered = one->state > WAITING;
  if (!was_answered) report_refusal(one, error);
  close_listener(one);
  counts.ended += was_answered;
  counts.refused += !was_answered;
  if (!was_answered) answered(one);
}

static int connect_from(int fd, uint32_t host) {
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(host)};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
  int on = 1;
  setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0) return -1;
  return connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS ? -1 : 0;
}

void open_listener(struct listener *one, struct settings settings) {
  int small = STALLED_BUFFER;
  *one = (struct listener){
    .state = CONNECTING, .stalls = settings.stalls, .stream = settings.stream, .leaves_ns = settings.leaves_ns};
  check_start(&one->check, content == CUT_FRAMES);
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (settings.stalls) setsockopt(one->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (connect_from(one->fd, settings.from_host) < 0) fail(one, errno);
  else watch(one, EPOLL_CTL_ADD, EPOLLOUT);
}

static size_t write_request(const struct listener *one, char *request, size_t size) {
  if (one->stream < 0) return snprintf(request, size, "GET %s HTTP/1.0\r\n\r\n", path);
  return snprintf(request, size, "GET %s%d HTTP/1.0\r\n\r\n", path, one->stream);
}

static void send_request(struct listener *one) {
  char request[512];
  if (send(one->fd, request, write_request(one, request, sizeof request), MSG_NOSIGNAL) < 0) return fail(one, errno);
  one->state = one->stalls ? STALLED : WAITING;
  watch(one, EPOLL_CTL_MOD, one->stalls ? EPOLLRDHUP : EPOLLIN);
  if (one->stalls) answered(one);
}

static size_t skip_head(struct listener *one, size_t count) {
  size_t at = 0;
  for (; at < count && one->head_matched < BLANK_LINE; at++) {
    int fits = buffer[at] == "\r\n\r\n"[one->head_matched];
    one->head_matched = fits ? one->head_matched + 1 : buffer[at] == '\r';
  }
  if (one->head_matched == BLANK_LINE) one->state = BODY;
  return at;
}

uint64_t waits_since_ns(const struct listener *one) {
  return one->last_ns > counts.since_ns ? one->last_ns : counts.since_ns;
}

static void judge_body(struct listener *one, const uint8_t *bytes, size_t count) {
  if (content != ZEROS) return check_bytes(&one->check, bytes, count, one->last_ns, &counts.verdict);
  if (memcmp(bytes, zero, count) == 0) counts.verdict.bytes += count;
  else counts.verdict.corrupt++;
}

static void note_read(struct listener *one) {
  uint64_t at_ns = now_ns(), gap_ns = at_ns - waits_since_ns(one);
  if (one->state != WAITING && gap_ns > counts.longest_gap_ns) counts.longest_gap_ns = gap_ns;
  one->last_ns = at_ns;
  counts.reads++;
}

static void read_bytes(struct listener *one) {
  ssize_t count = recv(one->fd, buffer, sizeof buffer, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return fail(one, count < 0 ? errno : 0);
  note_read(one);
  if (one->state == WAITING) {
    one->state = HEAD;
    answered(one);
  }
  size_t head = one->state == HEAD ? skip_head(one, count) : 0;
  judge_body(one, buffer + head, count - head);
}

void handle(struct listener *one, uint32_t events) {
  if (one->state == CONNECTING && !(events & (EPOLLERR | EPOLLHUP))) send_request(one);
  else if (one->state == WAITING || one->state == HEAD || one->state == BODY) read_bytes(one);
  else if (one->state != GONE) fail(one, 0);
}
