/*
 * Faults of the operating system, on demand, for tests. Preloaded (LD_PRELOAD) into a program and its children, it reads
 * what is to fail from shared memory: the file that ROLLCALL_FAULTS names. See faults.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct faults {
  volatile int32_t error;        /* errno of what changes a file whose path has `path` in it; 0: nothing fails */
  volatile int32_t torn;         /* 1: a write of several bytes writes half of them; what follows it fails */
  volatile int64_t clock_ms;     /* how far the wall clock is ahead */
  volatile int64_t failed;       /* calls that have failed so far */
  volatile char path[4096 - 24]; /* ends with 0 */
};

static struct faults none;
static struct faults *faults = &none;

__attribute__((constructor)) static void map_faults(void) {
  const char *file = getenv("ROLLCALL_FAULTS");
  int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) faults = mapped;
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int fail(void) {
  __atomic_add_fetch(&faults->failed, 1, __ATOMIC_RELAXED);
  errno = faults->error;
  return -1;
}

static int hits_path(const char *path) { return faults->error != 0 && strstr(path, (const char *)faults->path) != NULL; }

static int hits(int fd) {
  if (faults->error == 0) return 0;
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return hits_path(path);
}

/* Half of a write that is to be torn; 0 when all of it fails. */
static size_t half(size_t size) { return faults->torn && size > 1 ? (faults->torn = 0, size / 2) : 0; }

ssize_t write(int fd, const void *data, size_t size) {
  if (hits(fd) && (size = half(size)) == 0) return fail();
  return REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  if (hits(fd) && (size = half(size)) == 0) return fail();
  return REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  if (hits(fd) && (size = half(size)) == 0) return fail();
  return REAL(pwrite64)(fd, data, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!hits(fd)) return REAL(writev)(fd, parts, count);
  size_t size = count > 0 ? half(parts[0].iov_len) : 0;
  return size == 0 ? fail() : REAL(write)(fd, parts[0].iov_base, size);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  if (!hits(fd)) return REAL(pwritev)(fd, parts, count, at);
  size_t size = count > 0 ? half(parts[0].iov_len) : 0;
  return size == 0 ? fail() : REAL(pwrite)(fd, parts[0].iov_base, size, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return pwritev(fd, parts, count, at); }

int fsync(int fd) { return hits(fd) ? fail() : REAL(fsync)(fd); }
int fdatasync(int fd) { return hits(fd) ? fail() : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return hits(fd) ? fail() : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return hits(fd) ? fail() : REAL(ftruncate64)(fd, size); }
int fallocate(int fd, int mode, off_t at, off_t size) { return hits(fd) ? fail() : REAL(fallocate)(fd, mode, at, size); }
int posix_fallocate(int fd, off_t at, off_t size) {
  return hits(fd) ? (fail(), faults->error) : REAL(posix_fallocate)(fd, at, size);
}
int mkdir(const char *path, mode_t mode) { return hits_path(path) ? fail() : REAL(mkdir)(path, mode); }
int rename(const char *from, const char *to) { return hits_path(to) ? fail() : REAL(rename)(from, to); }

/* A full disk still makes empty files, and a file that is there can be opened. */
static int refuses(const char *path, int flags) {
  int full = faults->error == ENOSPC || faults->error == EDQUOT;
  return (flags & O_CREAT) && !full && hits_path(path) && access(path, F_OK) != 0;
}

#define OPEN_MODE(flags)                          \
  mode_t mode = 0;                                \
  if ((flags) & (O_CREAT | O_TMPFILE)) {          \
    va_list rest;                                 \
    va_start(rest, flags);                        \
    mode = va_arg(rest, mode_t);                  \
    va_end(rest);                                 \
  }

int open(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return refuses(path, flags) ? fail() : REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return refuses(path, flags) ? fail() : REAL(open64)(path, flags, mode);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  int result = REAL(clock_gettime)(clock, at);
  if (result != 0 || faults->clock_ms == 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  int64_t ns = at->tv_nsec + (faults->clock_ms % 1000) * 1000000;
  at->tv_sec += faults->clock_ms / 1000 + (ns >= 1000000000) - (ns < 0);
  at->tv_nsec = (ns + 1000000000) % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  (void)zone;
  struct timespec now;
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
