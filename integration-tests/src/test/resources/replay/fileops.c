/*
 * Logs the file operations of a process below a directory, and can make one of them fail. Preloaded into a JVM.
 *
 * FILEOPS_ROOT is the directory, FILEOPS_LOG the log, FILEOPS_PAGE a file with a struct page that both sides map.
 * The log has a record per operation that changed something: a line of fields, then both paths, the data and a newline.
 * A lock around each operation and its record makes the log's order the order in which they happened.
 * Writes through mappings are not seen.
 */
#define _GNU_SOURCE
#include <dirent.h>
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
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define MOST_FDS 65536
#define MOST_INODES 256
#define SECTOR 512

/* What an operation does: it changes nothing, changes something, or needs room on the disk for it. */
enum { LOOK, CHANGE, GROW };
/* Which operations fail: one; that one after it was done; it and all that need room; it and all that change anything. */
enum { ONCE, LATE, FULL, DEAD, PAUSE };
enum { IDLE, REACHED, GO };

/* Java maps this too: the offsets are part of FaultPage. */
struct page {
    int32_t at;     /* the operation to meddle with, from 1; 0 for none */
    int32_t error;  /* its errno */
    int32_t mode;
    int32_t count;  /* operations that the mode is about, so far */
    int32_t state;  /* of a pause */
    int32_t hit;    /* whether an operation was meddled with */
    int32_t inodes; /* how many files show another inode number than theirs */
    int32_t kinds[3]; /* operations so far, by kind */
    char what[256]; /* the first operation that was meddled with */
    uint64_t inode[MOST_INODES][2];
};

static char root[PATH_MAX];
static size_t root_length;
static int log_fd = -1;
static struct page *page;
static unsigned char below[MOST_FDS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void start(void) {
    const char *directory = getenv("FILEOPS_ROOT"), *log = getenv("FILEOPS_LOG"), *shared = getenv("FILEOPS_PAGE");
    if (!directory || !log || !shared || !realpath(directory, root)) return;
    root_length = strlen(root);
    log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int fd = syscall(SYS_openat, AT_FDCWD, shared, O_RDWR | O_CLOEXEC, 0);
    if (fd >= 0) {
        void *map = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map != MAP_FAILED) page = map;
        syscall(SYS_close, fd);
    }
}

static int is_below(const char *path) {
    return page && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

/* Says whether a descriptor is of a file below the root, and its path. */
static int is_below_fd(int fd, char *path) {
    char link[64];
    if (!page || fd < 0 || fd >= MOST_FDS || !below[fd]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    path[n < 0 ? 0 : n] = 0;
    return is_below(path);
}

/* The path with its directory resolved, links and all; the last name as it is. Says whether it is below the root. */
static int resolve(int directory, const char *path, char *out) {
    char parent[PATH_MAX], whole[PATH_MAX];
    if (!page || !path) return 0;
    if (path[0] == '/' ? !is_below(path) : directory == AT_FDCWD || !is_below_fd(directory, parent)) return 0;
    if ((path[0] == '/' ? snprintf(whole, PATH_MAX, "%s", path) : snprintf(whole, PATH_MAX, "%s/%s", parent, path)) >= PATH_MAX) return 0;
    size_t length = strlen(whole);
    while (length > 1 && whole[length - 1] == '/') whole[--length] = 0;
    if (length == root_length) return memcpy(out, whole, length + 1) != NULL;
    char *slash = strrchr(whole, '/');
    *slash = 0;
    return snprintf(out, PATH_MAX, "%s/%s", realpath(whole, parent) ? parent : whole, slash + 1) < PATH_MAX && is_below(out);
}

static const char *inside(const char *path) {
    return is_below(path) ? path + root_length + (path[root_length] == '/') : path;
}

static void record(const char *what, const char *path, const char *other, int64_t number, int fd, const void *data, size_t n) {
    struct stat64 now;
    memset(&now, 0, sizeof now);
    if (fd >= 0) syscall(SYS_fstat, fd, &now);
    /* The mode of what was made. */
    if (number == -1) {
        if (fd < 0) syscall(SYS_newfstatat, AT_FDCWD, path, &now, AT_SYMLINK_NOFOLLOW);
        number = now.st_mode & 07777;
    }
    path = inside(path);
    other = inside(other);
    char line[256];
    int length = snprintf(line, sizeof line, "%s %lld %lld %llu %zu %zu %zu\n", what, (long long)number,
            (long long)now.st_mtim.tv_sec * 1000000000LL + now.st_mtim.tv_nsec, (unsigned long long)now.st_ino,
            strlen(path), strlen(other), n);
    struct iovec parts[] = {{line, length}, {(void *)path, strlen(path)}, {(void *)other, strlen(other)}, {(void *)data, n}, {"\n", 1}};
    int error = errno;
    syscall(SYS_writev, log_fd, parts, 5);
    errno = error;
}

/* Counts an operation. Says whether to fail without doing it: then errno is set. `late` has it fail afterwards. */
static int meddle(const char *what, const char *path, int kind, int *late) {
    *late = 0;
    if (!page || !page->at) return 0;
    page->kinds[kind]++;
    if ((page->mode == FULL && kind < GROW) || (page->mode == DEAD && kind < CHANGE)) return 0;
    int count = ++page->count, lasts = page->mode == FULL || page->mode == DEAD;
    if (count < page->at || (count > page->at && !lasts)) return 0;
    if (!page->hit) snprintf(page->what, sizeof page->what, "%s %s", what, inside(path));
    page->hit = 1;
    if (page->mode == PAUSE) {
        __atomic_store_n(&page->state, REACHED, __ATOMIC_SEQ_CST);
        while (__atomic_load_n(&page->state, __ATOMIC_SEQ_CST) == REACHED) usleep(100);
        return 0;
    }
    *late = page->mode == LATE;
    errno = page->error;
    return !*late;
}

static int begin(const char *what, const char *path, int kind, int *late) {
    pthread_mutex_lock(&mutex);
    if (!meddle(what, path, kind, late)) return 0;
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return 1;
}

static long end(long result, int late) {
    int error = late ? page->error : errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
    return late ? -1 : result;
}

/* ---- open, close ---- */

static int open_at(int directory, const char *path, int flags, mode_t mode) {
    char name[PATH_MAX], real[PATH_MAX];
    if (!resolve(directory, path, name)) {
        int fd = syscall(SYS_openat, directory, path, flags, mode);
        if (page && fd >= 0 && fd < MOST_FDS) below[fd] = 0;
        return fd;
    }
    int writes = (flags & O_ACCMODE) != O_RDONLY, late;
    int kind = flags & O_CREAT ? GROW : writes ? CHANGE : LOOK;
    if (begin(writes ? "open to write" : "open", name, kind, &late)) return -1;
    struct stat64 before;
    int there = syscall(SYS_newfstatat, directory, path, &before, 0) == 0;
    int fd = syscall(SYS_openat, directory, path, flags, mode);
    if (fd < 0) return end(fd, 0);
    if (fd < MOST_FDS) below[fd] = 1;
    if (is_below_fd(fd, real)) {
        if (!there) record("create", real, "", -1, fd, "", 0);
        else if (writes && (flags & O_TRUNC)) record("truncate", real, "", 0, fd, "", 0);
    }
    return end(fd, 0);
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

EXPORT int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
EXPORT int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
EXPORT int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }
EXPORT int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags | O_LARGEFILE, mode); }
EXPORT int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
EXPORT int creat64(const char *path, mode_t mode) { return creat(path, mode); }

EXPORT int close(int fd) {
    if (page && fd >= 0 && fd < MOST_FDS) below[fd] = 0;
    return syscall(SYS_close, fd);
}

EXPORT int dup(int fd) {
    int copy = syscall(SYS_dup, fd);
    if (page && copy >= 0 && copy < MOST_FDS) below[copy] = fd >= 0 && fd < MOST_FDS && below[fd];
    return copy;
}

EXPORT int dup2(int from, int to) {
    int result = from == to ? to : syscall(SYS_dup3, from, to, 0);
    if (page && result >= 0 && result < MOST_FDS) below[result] = from >= 0 && from < MOST_FDS && below[from];
    return result;
}

/* ---- data ---- */

/* `at` is where the bytes go, or -1 for the descriptor's own position. */
static ssize_t write_at(int fd, const char *name, const struct iovec *parts, int count, off64_t at) {
    size_t total = 0, n = 0;
    for (int i = 0; i < count; i++) total += parts[i].iov_len;
    char *bytes = malloc(total + 1);
    for (int i = 0; i < count; n += parts[i++].iov_len) memcpy(bytes + n, parts[i].iov_base, parts[i].iov_len);
    pthread_mutex_lock(&mutex);
    int late, first = !page->hit, refused = meddle("write", name, GROW, &late);
    if (refused && first && page->mode == FULL && total > 1) {
        /* A disk that fills up takes the first half, and of the bytes of a file whole sectors. */
        size_t half = at < 0 ? total / 2 : (at + total / 2) / SECTOR * SECTOR;
        refused = at >= 0 && half <= (size_t)at;
        if (!refused) total = at < 0 ? half : half - at;
    }
    ssize_t done = -1;
    if (!refused) done = at < 0 ? syscall(SYS_write, fd, bytes, total) : syscall(SYS_pwrite64, fd, bytes, total, at);
    if (done > 0) record("write", name, "", at < 0 ? lseek64(fd, 0, SEEK_CUR) - done : at, fd, bytes, done);
    int error = errno;
    free(bytes);
    errno = error;
    return end(done, late);
}

EXPORT ssize_t write(int fd, const void *bytes, size_t n) {
    char name[PATH_MAX];
    struct iovec all = {(void *)bytes, n};
    return is_below_fd(fd, name) ? write_at(fd, name, &all, 1, -1) : syscall(SYS_write, fd, bytes, n);
}
EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    char name[PATH_MAX];
    struct iovec all = {(void *)bytes, n};
    return is_below_fd(fd, name) ? write_at(fd, name, &all, 1, at) : syscall(SYS_pwrite64, fd, bytes, n, at);
}
EXPORT ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) { return pwrite64(fd, bytes, n, at); }
EXPORT ssize_t writev(int fd, const struct iovec *parts, int count) {
    char name[PATH_MAX];
    return is_below_fd(fd, name) ? write_at(fd, name, parts, count, -1) : syscall(SYS_writev, fd, parts, count);
}
EXPORT ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
    char name[PATH_MAX];
    if (is_below_fd(fd, name)) return write_at(fd, name, parts, count, at);
    ssize_t (*next)(int, const struct iovec *, int, off64_t) = dlsym(RTLD_NEXT, "pwritev64");
    return next(fd, parts, count, at);
}
EXPORT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

/* Copies within the kernel, done here by a read and a write. */
static ssize_t copied(int out, const char *name, off64_t *to, int in, off64_t *from, size_t n) {
    if (n > 1 << 20) n = 1 << 20;
    char *bytes = malloc(n);
    ssize_t got = from ? syscall(SYS_pread64, in, bytes, n, *from) : syscall(SYS_read, in, bytes, n);
    struct iovec all = {bytes, got > 0 ? got : 0};
    ssize_t done = got > 0 ? write_at(out, name, &all, 1, to ? *to : -1) : got;
    int error = errno;
    free(bytes);
    if (done > 0 && from) *from += done;
    if (done > 0 && to) *to += done;
    errno = error;
    return done;
}

EXPORT ssize_t sendfile64(int out, int in, off64_t *from, size_t n) {
    char name[PATH_MAX];
    return is_below_fd(out, name) ? copied(out, name, NULL, in, from, n) : syscall(SYS_sendfile, out, in, from, n);
}
EXPORT ssize_t sendfile(int out, int in, off_t *from, size_t n) { return sendfile64(out, in, from, n); }
EXPORT ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t n, unsigned flags) {
    char name[PATH_MAX];
    if (is_below_fd(out, name)) return copied(out, name, to, in, from, n);
    return syscall(SYS_copy_file_range, in, from, out, to, n, flags);
}
EXPORT ssize_t splice(int in, off64_t *from, int out, off64_t *to, size_t n, unsigned flags) {
    char name[PATH_MAX];
    if (is_below_fd(out, name)) return copied(out, name, to, in, from, n);
    return syscall(SYS_splice, in, from, out, to, n, flags);
}

static ssize_t read_at(int fd, const char *name, void *bytes, size_t n, off64_t at) {
    int late;
    if (begin("read", name, LOOK, &late)) return -1;
    return end(at < 0 ? syscall(SYS_read, fd, bytes, n) : syscall(SYS_pread64, fd, bytes, n, at), late);
}

EXPORT ssize_t read(int fd, void *bytes, size_t n) {
    char name[PATH_MAX];
    return is_below_fd(fd, name) ? read_at(fd, name, bytes, n, -1) : syscall(SYS_read, fd, bytes, n);
}
EXPORT ssize_t pread64(int fd, void *bytes, size_t n, off64_t at) {
    char name[PATH_MAX];
    return is_below_fd(fd, name) ? read_at(fd, name, bytes, n, at) : syscall(SYS_pread64, fd, bytes, n, at);
}
EXPORT ssize_t pread(int fd, void *bytes, size_t n, off_t at) { return pread64(fd, bytes, n, at); }

/* ---- lengths and flushes ---- */

static int on_fd(const char *what, int fd, int kind, long number, long recorded, long a, long b, long c) {
    char name[PATH_MAX];
    int late;
    if (!is_below_fd(fd, name)) return syscall(number, fd, a, b, c);
    if (begin(what, name, kind, &late)) return -1;
    int result = syscall(number, fd, a, b, c);
    if (result == 0) record(what, name, "", recorded, fd, "", 0);
    return end(result, late);
}

EXPORT int ftruncate64(int fd, off64_t n) { return on_fd("truncate", fd, CHANGE, SYS_ftruncate, n, n, 0, 0); }
EXPORT int ftruncate(int fd, off_t n) { return ftruncate64(fd, n); }
EXPORT int fallocate64(int fd, int mode, off64_t at, off64_t n) {
    return on_fd("allocate", fd, GROW, SYS_fallocate, mode ? 0 : at + n, mode, at, n);
}
EXPORT int fallocate(int fd, int mode, off_t at, off_t n) { return fallocate64(fd, mode, at, n); }
EXPORT int posix_fallocate64(int fd, off64_t at, off64_t n) { return fallocate64(fd, 0, at, n) ? errno : 0; }
EXPORT int posix_fallocate(int fd, off_t at, off_t n) { return posix_fallocate64(fd, at, n); }
EXPORT int fsync(int fd) { return on_fd("sync", fd, CHANGE, SYS_fsync, 0, 0, 0, 0); }
EXPORT int fdatasync(int fd) { return on_fd("sync", fd, CHANGE, SYS_fdatasync, 0, 0, 0, 0); }
EXPORT int sync_file_range(int fd, off64_t at, off64_t n, unsigned flags) { return syscall(SYS_sync_file_range, fd, at, n, flags); }
EXPORT int fchmod(int fd, mode_t mode) { return on_fd("attributes", fd, CHANGE, SYS_fchmod, mode & 07777, mode, 0, 0); }
EXPORT int fchown(int fd, uid_t user, gid_t group) { return on_fd("attributes", fd, CHANGE, SYS_fchown, 0, user, group, 0); }
EXPORT int futimens(int fd, const struct timespec times[2]) {
    char name[PATH_MAX];
    int late;
    if (!is_below_fd(fd, name)) return syscall(SYS_utimensat, fd, NULL, times, 0);
    if (begin("attributes", name, CHANGE, &late)) return -1;
    int result = syscall(SYS_utimensat, fd, NULL, times, 0);
    if (result == 0) record("attributes", name, "", 0, fd, "", 0);
    return end(result, late);
}
EXPORT int fsetxattr(int fd, const char *name, const void *value, size_t n, int flags) {
    char path[PATH_MAX];
    int late;
    if (!is_below_fd(fd, path)) return syscall(SYS_fsetxattr, fd, name, value, n, flags);
    if (begin("attributes", path, GROW, &late)) return -1;
    return end(syscall(SYS_fsetxattr, fd, name, value, n, flags), late);
}

/* ---- names ---- */

static int on_name(const char *what, int at, const char *path, int kind, long number, long a, long b) {
    char name[PATH_MAX];
    int late;
    if (!resolve(at, path, name)) return syscall(number, at, path, a, b);
    if (begin(what, name, kind, &late)) return -1;
    int result = syscall(number, at, path, a, b);
    if (result == 0) record(what, name, "", number == SYS_mkdirat || number == SYS_fchmodat ? -1 : 0, -1, "", 0);
    return end(result, late);
}

EXPORT int unlinkat(int at, const char *path, int flags) {
    return on_name(flags & AT_REMOVEDIR ? "rmdir" : "unlink", at, path, CHANGE, SYS_unlinkat, flags, 0);
}
EXPORT int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
EXPORT int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
EXPORT int remove(const char *path) {
    int result = unlink(path);
    return result && (errno == EISDIR || errno == EPERM) ? rmdir(path) : result;
}
EXPORT int mkdirat(int at, const char *path, mode_t mode) { return on_name("mkdir", at, path, GROW, SYS_mkdirat, mode, 0); }
EXPORT int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
EXPORT int fchmodat(int at, const char *path, mode_t mode, int flags) {
    (void)flags;
    return on_name("attributes", at, path, CHANGE, SYS_fchmodat, mode, 0);
}
EXPORT int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

static int on_names(const char *what, int at, const char *path, int to, const char *other, int kind, long number, long flags) {
    char name[PATH_MAX], second[PATH_MAX];
    int late, is_from = resolve(at, path, name), is_to = resolve(to, other, second);
    if (!is_from && !is_to) return syscall(number, at, path, to, other, flags);
    if (begin(what, second, kind, &late)) return -1;
    int result = syscall(number, at, path, to, other, flags);
    if (result == 0) record(what, is_from ? name : path, is_to ? second : other, 0, -1, "", 0);
    return end(result, late);
}

EXPORT int renameat2(int at, const char *from, int to, const char *name, unsigned flags) {
    return on_names("rename", at, from, to, name, CHANGE, SYS_renameat2, flags);
}
EXPORT int renameat(int at, const char *from, int to, const char *name) { return renameat2(at, from, to, name, 0); }
EXPORT int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
EXPORT int linkat(int at, const char *from, int to, const char *name, int flags) {
    return on_names("link", at, from, to, name, GROW, SYS_linkat, flags);
}
EXPORT int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
EXPORT int symlink(const char *to, const char *path) {
    char name[PATH_MAX];
    int late;
    if (!resolve(AT_FDCWD, path, name)) return syscall(SYS_symlinkat, to, AT_FDCWD, path);
    if (begin("symlink", name, GROW, &late)) return -1;
    int result = syscall(SYS_symlinkat, to, AT_FDCWD, path);
    if (result == 0) record("symlink", name, to, 0, -1, "", 0);
    return end(result, late);
}

EXPORT DIR *opendir(const char *path) {
    static DIR *(*next)(const char *);
    char name[PATH_MAX];
    int late;
    if (!next) next = dlsym(RTLD_NEXT, "opendir");
    if (!resolve(AT_FDCWD, path, name)) return next(path);
    if (begin("list", name, LOOK, &late)) return NULL;
    pthread_mutex_unlock(&mutex);
    return next(path);
}

/* ---- inode numbers ---- */

static void show(uint64_t *inode) {
    for (int i = 0; page && i < page->inodes; i++) {
        if (page->inode[i][0] == *inode) {
            *inode = page->inode[i][1];
            return;
        }
    }
}

#define SHOWN(name, type, parameters, arguments) \
    EXPORT int name parameters { \
        static int (*next) parameters; \
        if (!next) next = dlsym(RTLD_NEXT, #name); \
        int result = next arguments; \
        if (result == 0) show((uint64_t *)&found->st_ino); \
        return result; \
    }

SHOWN(stat, struct stat, (const char *path, struct stat *found), (path, found))
SHOWN(lstat, struct stat, (const char *path, struct stat *found), (path, found))
SHOWN(fstat, struct stat, (int fd, struct stat *found), (fd, found))
SHOWN(fstatat, struct stat, (int at, const char *path, struct stat *found, int flags), (at, path, found, flags))
SHOWN(stat64, struct stat64, (const char *path, struct stat64 *found), (path, found))
SHOWN(lstat64, struct stat64, (const char *path, struct stat64 *found), (path, found))
SHOWN(fstat64, struct stat64, (int fd, struct stat64 *found), (fd, found))
SHOWN(fstatat64, struct stat64, (int at, const char *path, struct stat64 *found, int flags), (at, path, found, flags))

EXPORT int statx(int at, const char *path, int flags, unsigned mask, struct statx *found) {
    int result = syscall(SYS_statx, at, path, flags, mask, found);
    if (result == 0) {
        uint64_t inode = found->stx_ino;
        show(&inode);
        found->stx_ino = inode;
    }
    return result;
}
