/*
 * Makes calls on chosen files fail, in any program: LD_PRELOAD=…/faults.so ROLLCALL_FAULTS=RULES.
 *
 * RULES is a file with one rule a line; it is read again whenever it changes, so that a test can break and mend a disk
 * while the program runs. A missing or empty file breaks nothing.
 *
 *   CALLS ACTION PATH      write,sync ENOSPC /tmp/x/events.jsonl
 *
 * CALLS   comma-separated: write, sync, truncate, open, rename, mkdir; or all
 * ACTION  a name such as ENOSPC, EIO, EDQUOT, EPIPE, EROFS, EACCES: the call fails with it
 *         room:N    writes fit as long as N bytes are left, then are cut short, then fail with ENOSPC; counted by process
 *         delay:MS  the call is made so much later; a disk that hangs is delay:3600000
 * PATH    what the file's absolute path begins with
 *
 * ROLLCALL_CLOCK names a file of 8 bytes, a 64-bit integer: by so many milliseconds the wall clock is ahead. It is mapped,
 * because programs ask for the time very often; the monotonic clock stays as it is.
 *
 * The first rule that fits counts. Files are known by /proc/self/fd, so pipes and sockets have names such as pipe:[123].
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, OPEN = 8, RENAME = 16, MKDIR = 32, ALL = 63 };
enum { MOST_RULES = 32 };

struct rule {
  int calls;
  int error;   /* 0: another action */
  long long room; /* -1: no limit */
  long delay_ms;
  char path[PATH_MAX];
};

static struct rule rules[MOST_RULES];
static int rule_count;
static struct stat seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const struct { const char *name; int value; } calls[] = {
  {"write", WRITE}, {"sync", SYNC}, {"truncate", TRUNCATE}, {"open", OPEN},
  {"rename", RENAME}, {"mkdir", MKDIR}, {"all", ALL},
};
static const struct { const char *name; int value; } errors[] = {
  {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EPIPE", EPIPE}, {"EROFS", EROFS}, {"EACCES", EACCES},
  {"EMFILE", EMFILE}, {"ENOENT", ENOENT}, {"EINTR", EINTR}, {"ESTALE", ESTALE},
};

static int calls_of(char *list) {
  int found = 0;
  char *rest = NULL;
  for (char *name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
      if (!strcmp(name, calls[i].name)) found |= calls[i].value;
  return found;
}

static void read_rule(const char *line) {
  char list[64], action[64];
  struct rule rule = {0, 0, -1, 0, ""};
  if (sscanf(line, "%63s %63s %4095[^\n]", list, action, rule.path) != 3) return;
  rule.calls = calls_of(list);
  if (!strncmp(action, "room:", 5)) rule.room = atoll(action + 5);
  else if (!strncmp(action, "delay:", 6)) rule.delay_ms = atol(action + 6);
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (!strcmp(action, errors[i].name)) rule.error = errors[i].value;
  if (rule_count < MOST_RULES) rules[rule_count++] = rule;
}

/* Held by the caller: the lock. Uses system calls only, because the functions of libc are ours. */
static void read_rules(void) {
  const char *file = getenv("ROLLCALL_FAULTS");
  struct stat now;
  if (!file || stat(file, &now)) {
    rule_count = 0;
    memset(&seen, 0, sizeof seen);
    return;
  }
  if (now.st_ino == seen.st_ino && now.st_size == seen.st_size && now.st_mtim.tv_sec == seen.st_mtim.tv_sec &&
      now.st_mtim.tv_nsec == seen.st_mtim.tv_nsec)
    return;
  seen = now;
  rule_count = 0;
  char text[16384];
  int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t length = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  if (length < 0) return;
  text[length] = 0;
  char *rest = NULL;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) read_rule(line);
}

/* How many of `wanted` bytes may be written to `path`; -1 with errno when the call fails. Waits when a rule says so. */
static ssize_t allowed(int call, const char *path, size_t wanted) {
  long delay_ms = 0;
  ssize_t result = (ssize_t)wanted;
  pthread_mutex_lock(&lock);
  read_rules();
  for (int i = 0; i < rule_count; i++) {
    struct rule *rule = &rules[i];
    if (!(rule->calls & call) || strncmp(path, rule->path, strlen(rule->path))) continue;
    delay_ms = rule->delay_ms;
    if (rule->error) {
      errno = rule->error;
      result = -1;
    } else if (rule->room >= 0 && call == WRITE) {
      if ((long long)wanted > rule->room) result = (ssize_t)rule->room;
      if (result == 0 && wanted > 0) {
        errno = ENOSPC;
        result = -1;
      } else rule->room -= result;
    }
    break;
  }
  pthread_mutex_unlock(&lock);
  if (delay_ms > 0) {
    struct timespec left = {delay_ms / 1000, delay_ms % 1000 * 1000000L};
    while (nanosleep(&left, &left) && errno == EINTR) ;
  }
  return result;
}

static ssize_t allowed_fd(int call, int fd, size_t wanted) {
  char link[64], path[PATH_MAX];
  if (!getenv("ROLLCALL_FAULTS")) return (ssize_t)wanted;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return (ssize_t)wanted;
  path[length] = 0;
  return allowed(call, path, wanted);
}

static int fails_at(int call, const char *path) {
  char absolute[PATH_MAX];
  if (!getenv("ROLLCALL_FAULTS")) return 0;
  if (path[0] == '/') return allowed(call, path, 0) < 0;
  if (!getcwd(absolute, sizeof absolute)) return 0;
  size_t length = strlen(absolute);
  snprintf(absolute + length, sizeof absolute - length, "/%s", path);
  return allowed(call, absolute, 0) < 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) {
  ssize_t most = allowed_fd(WRITE, fd, count);
  return most < 0 ? -1 : REAL(write)(fd, bytes, (size_t)most);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  ssize_t most = allowed_fd(WRITE, fd, count);
  return most < 0 ? -1 : REAL(pwrite64)(fd, bytes, (size_t)most, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

static size_t bytes_in(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

/* A vector that does not fit is written as far as its first part does: short writes are allowed. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
  size_t wanted = bytes_in(parts, count);
  ssize_t most = allowed_fd(WRITE, fd, wanted);
  if (most < 0) return -1;
  if ((size_t)most == wanted) return REAL(writev)(fd, parts, count);
  return REAL(write)(fd, parts[0].iov_base, (size_t)most < parts[0].iov_len ? (size_t)most : parts[0].iov_len);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  size_t wanted = bytes_in(parts, count);
  ssize_t most = allowed_fd(WRITE, fd, wanted);
  if (most < 0) return -1;
  if ((size_t)most == wanted) return REAL(pwritev64)(fd, parts, count, at);
  size_t first = (size_t)most < parts[0].iov_len ? (size_t)most : parts[0].iov_len;
  return REAL(pwrite64)(fd, parts[0].iov_base, first, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

int fsync(int fd) { return allowed_fd(SYNC, fd, 0) < 0 ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return allowed_fd(SYNC, fd, 0) < 0 ? -1 : REAL(fdatasync)(fd); }
int ftruncate64(int fd, off64_t length) { return allowed_fd(TRUNCATE, fd, 0) < 0 ? -1 : REAL(ftruncate64)(fd, length); }
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

/* `mode` is there only when a file may be created. */
#define MODE_OF(flags, mode) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open64(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return fails_at(OPEN, path) ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return fails_at(OPEN, path) ? -1 : REAL(open)(path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  if (directory == AT_FDCWD && fails_at(OPEN, path)) return -1;
  return REAL(openat)(directory, path, flags, mode);
}

int rename(const char *from, const char *to) { return fails_at(RENAME, from) ? -1 : REAL(rename)(from, to); }
int mkdir(const char *path, mode_t mode) { return fails_at(MKDIR, path) ? -1 : REAL(mkdir)(path, mode); }

static volatile int64_t no_shift;
static volatile int64_t *ahead_ms = &no_shift;

__attribute__((constructor)) static void map_clock(void) {
  const char *file = getenv("ROLLCALL_CLOCK");
  int fd = file ? (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *ahead_ms, PROT_READ, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (mapped != MAP_FAILED) ahead_ms = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = REAL(clock_gettime);
  int result = real(clock, at);
  int64_t ms = *ahead_ms;
  if (result != 0 || ms == 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  int64_t ns = at->tv_nsec + (ms % 1000) * 1000000;
  at->tv_sec += ms / 1000 + (ns >= 1000000000) - (ns < 0);
  at->tv_nsec = (ns + 1000000000) % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
